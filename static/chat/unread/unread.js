// What one has not read: numbers beside the rooms and in the title, a line above the first new message here, and word to
// the server of what was read, or is to be unread again. A guest's marker stays in this browser.

import { idOf } from "../timeline.js"
import { gettext } from "../words.js"
import { GuestNumbers, markerOf, setMarker } from "./guest.js"
import { mark } from "./marks.js"

const LOOK_EVERY = 1_000 // the end of the log has to be in sight from one look to the next
const SEND_EVERY = 2_000
const SAID_FOR = 6_000

export function install(room) {
  new Unread(room)
}

class Unread {
  #room
  #menu = document.querySelector(".menu")
  #numbers = new Map() // of each room, as the server sent them
  #read = null // up to where this room was read; null until it is known
  #revision = 0
  #isKept = false // marked unread here or elsewhere: until one speaks, or leaves the room, nothing is read
  #wasInSight = false
  #sentAt = 0
  #guest = null

  constructor(room) {
    this.#room = room
    room.on("unread", (event) => this.#take(event))
    room.on("hello", () => this.#asGuest())
    this.#asGuest()
    room.on("recent", ({ rooms }) => this.#isGuest && rooms.some(({ room }) => markerOf(room)) && this.#guest.ask())
    room.on("listed", () => this.#show())
    room.on("action:unread", ({ message }) => this.#keep(message))
    room.on("ack", () => this.#spoke())
    setInterval(() => this.#look(), LOOK_EVERY)
  }

  get #isGuest() {
    return this.#room.you.id.startsWith("guest-")
  }

  #asGuest() {
    if (!this.#isGuest) return
    const { room, connection } = this.#room
    this.#begin(Number(markerOf(room) ?? connection.seq))
    const rows = () => [...document.querySelectorAll("#sidebar .row[data-room]")]
    this.#guest ??= new GuestNumbers(() => rows().map(({ dataset }) => dataset.room), (rooms) => this.#count(rooms, true))
  }

  #take({ rooms, all }) {
    this.#count(rooms, all)
    for (const number of rooms) {
      if (number.room !== this.#room.room || number.revision < this.#revision) continue // on its way when this page marked
      if (this.#read !== null && number.revision > this.#revision) this.#unread(number.read)
      this.#begin(number.read)
      this.#read = number.revision > this.#revision ? number.read : Math.max(this.#read, number.read)
      this.#revision = number.revision
    }
    this.#show()
  }

  #count(rooms, all) {
    if (all) this.#numbers.clear()
    for (const number of rooms) this.#numbers.set(number.room, number)
    this.#show()
  }

  // The line stays until one leaves the room.
  #begin(read) {
    if (this.#read !== null) return
    this.#read = read
    this.#room.scroll.change(() => this.#draw(read))
  }

  // From this message on. A higher revision sets the marker, and no late word of another device undoes it.
  #keep(message) {
    const read = idOf(message) - 1
    if (this.#read === null) return this.#complain(gettext("Only members can mark as unread. Say something here, or join the room."))
    if (!this.#isGuest && !this.#room.connection.send({ type: "read", seq: read, revision: this.#revision + 1 }))
      return this.#complain(gettext("No connection: try again when it is back."))
    if (this.#isGuest) setMarker(this.#room.room, read)
    else this.#revision++
    this.#unread(read)
    this.#guest?.ask()
  }

  #unread(read) {
    this.#read = read
    this.#isKept = true
    this.#room.scroll.change(() => this.#draw(read))
  }

  // What was kept unread is read.
  #spoke() {
    if (!this.#isKept) return
    this.#isKept = false
    this.#show()
  }

  #complain(text) {
    this.#room.notice.say("unread", { kind: "wrong", text })
    setTimeout(() => this.#room.notice.clear("unread"), SAID_FOR)
  }

  #draw(read) {
    this.#room.timeline.element.querySelector(".rule.new")?.remove()
    const isNew = (message) => idOf(message) > read && message.dataset.author !== this.#room.you.id
    const first = [...this.#room.timeline.element.querySelectorAll(".message")].find(isNew)
    if (!first) return
    const line = document.createElement("h2")
    line.className = "rule new"
    line.textContent = gettext("New")
    const day = first.previousElementSibling
    ;(day?.matches(".day") ? day : first).before(line)
  }

  #look() {
    const { connection, scroll, timeline } = this.#room
    const isShown = getComputedStyle(timeline.element).visibility === "visible" // what was found may stand in its place
    const isInSight = document.hasFocus() && !document.hidden && isShown && scroll.atEnd && !timeline.isDetached
    const isDue = isInSight && this.#wasInSight && !this.#isKept && this.#read !== null && connection.seq > this.#read
    this.#wasInSight = isInSight
    if (!isDue || Date.now() - this.#sentAt < SEND_EVERY) return
    this.#sentAt = Date.now()
    if (this.#isGuest) this.#read = setMarker(this.#room.room, connection.seq)
    else if (connection.send({ type: "read", seq: connection.seq, revision: this.#revision })) this.#read = connection.seq
  }

  #show() {
    const others = [...this.#numbers.values()].filter(({ room }) => room !== this.#room.room)
    this.#room.scroll.elsewhere(others.reduce((sum, { mentions }) => sum + mentions, 0))
    const isNew = others.some(({ unread }) => unread > 0)
    this.#menu.classList.toggle("fresh", isNew) // the list that says where is out of sight on a small screen
    this.#menu.setAttribute("aria-label", isNew ? gettext("Rooms, with unread messages") : gettext("Rooms"))
    for (const row of document.querySelectorAll("#sidebar .row[data-room]")) {
      const { unread = 0, mentions = 0 } = this.#numbers.get(row.dataset.room) ?? {}
      mark(row, row.hasAttribute("aria-current") && !this.#isKept ? 0 : unread, mentions)
    }
  }
}
