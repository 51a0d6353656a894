// The list of rooms in the sidebar by activity, those to which one belongs first: a room in which something is said moves
// up, a new one appears. While the pointer or the focus is in the list nothing moves.

const MOST = 50 // rooms in the list
const CUT = 15_000 // milliseconds without a line, after which the list is asked for again
const ASK_EVERY = 60_000 // on long-poll, which has no hint that the list is another

export function install(room) {
  const lists = document.querySelector("#sidebar .lists")
  const waiting = new Set() // rooms to be moved, the last one to the top
  const leaving = new Set() // rooms that are closed to me
  let cutAt = 0

  room.on("recent", ({ rooms }) => move(...rooms.map(({ room }) => room).reverse()))
  room.on("message", ({ id, seq }) => id === seq && move(room.room))
  room.on("unread", ({ rooms }) => rooms.forEach(({ room }) => belong(room))) // nobody else is sent its numbers
  room.on("ack", () => room.you.id.startsWith("user-") && belong(room.room))
  room.on("gone", ({ rooms }) => leave(rooms))
  lists.addEventListener("pointerleave", arrange)
  lists.addEventListener("focusout", () => setTimeout(arrange)) // when the focus has arrived elsewhere

  room.on("line", ({ state }) => {
    if (state !== "open") return (cutAt ||= Date.now())
    if (cutAt && Date.now() - cutAt > CUT) room.emit({ type: "rooms" })
    cutAt = 0
  })
  setInterval(() => {
    const { transport } = document.querySelector(".connection").dataset
    if (transport === "poll" && !document.hidden) room.emit({ type: "rooms" })
  }, ASK_EVERY)

  function move(...names) {
    for (const name of names) {
      leaving.delete(name)
      waiting.delete(name)
      waiting.add(name)
    }
    arrange()
  }

  function leave(names) {
    for (const name of names) {
      waiting.delete(name)
      leaving.add(name)
    }
    arrange()
  }

  function arrange() {
    if (!(waiting.size || leaving.size) || lists.matches(":hover, :focus-within")) return
    const left = [...leaving].map(rowOf).filter(Boolean)
    for (const row of left) row.parentElement.remove()
    const moved = [...waiting].filter(toTop)
    leaving.clear()
    waiting.clear()
    if (left.length || moved.length) room.emit({ type: "listed" })
  }

  function belong(name) {
    const row = rowOf(name)
    if (!row || isMine(row.parentElement)) return
    row.dataset.member = ""
    move(name)
  }

  function rowOf(name) {
    return lists.querySelector(`.row[data-room="${CSS.escape(name)}"]`)
  }

  // True if something is elsewhere now.
  function toTop(name) {
    const row = rowOf(name)
    if (!row && name.startsWith("~")) return room.emit({ type: "rooms" }) // the server knows its title
    const item = row?.parentElement ?? made(name)
    const list = row ? item.parentElement : lists.querySelector(".rooms")
    const mine = isMine(item) ? [] : [...list.children].filter(isMine)
    const place = mine.length ? mine.at(-1).nextElementSibling : list.firstElementChild
    if (place === item) return false
    list.insertBefore(item, place)
    if (!row && list.children.length > MOST) [...list.children].findLast(canGo)?.remove()
    return true
  }
}

const isMine = (item) => Boolean(item.querySelector("[data-member]"))
const canGo = (item) => !item.querySelector("[data-member], [aria-current]")

function made(name) {
  const item = document.createElement("li")
  const row = Object.assign(document.createElement("a"), { className: "row", href: `/chat/${encodeURIComponent(name)}/` })
  row.dataset.room = name
  row.append(Object.assign(document.createElement("bdi"), { className: "cut", textContent: name }))
  item.append(row)
  return item
}
