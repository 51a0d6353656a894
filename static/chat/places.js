// Where one is: the current room is in sight in the list of rooms, and back from another room one reads on where one was.

import { idOf } from "./timeline.js"

const ABOVE = 20 // messages above the place, where a part of the past is asked for

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
  const messages = storedIn(log)
  const number = messages.findIndex((each) => each.getBoundingClientRect().bottom > top)
  if (number < 0) return null
  const [message, first] = [messages[number], messages[Math.max(0, number - ABOVE)]]
  return { id: idOf(message), after: idOf(first) - 1, offset: message.getBoundingClientRect().top - top }
}

// Where the message was deleted, to the one after it. Where it is further away than what the page holds, to the part of
// the past in which it is; but only by Back and Forward: who asks for the room anew wants the newest, and some browsers
// keep the state then.
function goTo(log, place) {
  if (!place) return
  const messages = storedIn(log)
  const message = messages.find((each) => idOf(each) >= place.id)
  const isAbove = message && message === messages[0] && idOf(message) > place.id && log.querySelector(".older")
  const isFar = isAbove || (!message && log.querySelector(".newer"))
  const [{ type }] = performance.getEntriesByType("navigation")
  if (isFar && type === "back_forward") location.replace(`?after=${place.after}#m${place.id}`)
  if (isFar || !message) return
  log.scrollTop += message.getBoundingClientRect().top - log.getBoundingClientRect().top - place.offset
}

const storedIn = (log) => [...log.querySelectorAll(".message[id^=m]:not([hidden])")]
