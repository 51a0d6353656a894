// The room's topic as it is now, and the list of rooms in the sidebar, asked for again when somebody was added or
// removed, or a room is new in it.

const WAIT = 300 // milliseconds, in which more may change

export function install(room) {
  const lists = document.querySelector("#sidebar .lists")
  let timer = 0

  room.on("topic", ({ topic }) => showTopic(topic))
  room.on("rooms", renew)
  room.on("unread", ({ rooms }) => {
    const isListed = ({ room, unread }) => !unread || lists.querySelector(`[data-room="${CSS.escape(room)}"]`)
    if (!rooms.every(isListed)) renew()
  })

  function renew() {
    clearTimeout(timer)
    timer = setTimeout(ask, WAIT)
  }

  async function ask() {
    const response = await fetch(`/rooms/?room=${encodeURIComponent(room.room)}`).catch(() => null)
    if (!response?.ok) return // the next change asks again
    lists.innerHTML = await response.text()
    room.emit({ type: "listed" })
  }
}

function showTopic(topic) {
  const title = document.querySelector(".head > .title")
  title.querySelector("p")?.remove()
  if (topic) title.append(Object.assign(document.createElement("p"), { className: "small quiet cut", dir: "auto", textContent: topic }))
}
