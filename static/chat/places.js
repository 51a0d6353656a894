// Where one is: the current room is in sight in the list of rooms, and back from another room one reads on where one was.

export function install({ scroll }) {
  const log = document.getElementById("chat-log")
  addEventListener("pagehide", () => history.replaceState({ ...history.state, place: placeOf(log, scroll) }, ""))
  goTo(log, history.state?.place)
  show(document.querySelector("#sidebar [aria-current=page]"))
}

// Without scrollIntoView, which would move the page to a list that is out of the screen.
function show(link) {
  const list = link?.closest(".scroll")
  if (!list) return
  const [room, frame] = [link, list].map((each) => each.getBoundingClientRect())
  if (room.top < frame.top || room.bottom > frame.bottom) list.scrollTop += room.top - frame.top - frame.height / 2
}

// The message that stands at the top, and by how many pixels; null at the end.
function placeOf(log, scroll) {
  if (scroll.atEnd) return null
  const { top } = log.getBoundingClientRect()
  const message = [...log.querySelectorAll(".message")].find((each) => each.getBoundingClientRect().bottom > top)
  return message && { id: message.id, offset: message.getBoundingClientRect().top - top }
}

function goTo(log, place) {
  const message = place && document.getElementById(place.id)
  if (message) log.scrollTop += message.getBoundingClientRect().top - log.getBoundingClientRect().top - place.offset
}
