// The browser's notifications of mentions and direct messages. Allowed by a click in one's menu, never asked for before.
// None while one is active in that room: whichever page that is says so to all others, on all devices.

import { stored } from "../draft.js"
import { gettext } from "../words.js"

const ACTIVE_FOR = 120_000 // milliseconds after the last input
const WAIT = 1_500 // in which a page where one is active may say so
const HELD = 10_000 // one of the pages in this browser shows it
const OFF = "chat-notifications-off" // in this browser's storage

export function install(room) {
  const row = document.querySelector(".notifications")
  if (row && "Notification" in window && isSecureContext) new Notifications(room, row)
}

class Notifications {
  #room
  #row
  #mentions = null // in each room, as the server counted them; null until it has
  #due = new Map() // timers, by room
  #shown = new Map() // by room
  #inputAt = Date.now()

  constructor(room, row) {
    this.#room = room
    this.#row = row
    for (const type of ["keydown", "pointerdown", "pointermove", "wheel"])
      addEventListener(type, () => (this.#inputAt = Date.now()), { capture: true, passive: true })
    room.on("unread", (event) => this.#take(event))
    room.on("here", (event) => this.#forget(event.room))
    row.addEventListener("click", () => this.#press())
    row.hidden = false
    this.#label()
  }

  get #isOn() {
    return Notification.permission === "granted" && !stored(() => localStorage[OFF])
  }

  get #isActive() {
    return !document.hidden && document.hasFocus() && Date.now() - this.#inputAt < ACTIVE_FOR
  }

  async #press() {
    if (Notification.permission === "default") await Notification.requestPermission()
    else stored(() => (this.#isOn ? (localStorage[OFF] = "1") : delete localStorage[OFF]))
    this.#label()
  }

  #label() {
    const isDenied = Notification.permission === "denied"
    const text = this.#isOn ? gettext("Turn notifications off") : gettext("Turn notifications on")
    this.#row.querySelector("span").textContent = isDenied ? gettext("Notifications are blocked in the browser") : text
    this.#row.disabled = isDenied
  }

  #take({ rooms, all }) {
    const before = this.#mentions
    this.#mentions = new Map(all ? [] : before)
    for (const { room, mentions } of rooms) {
      this.#mentions.set(room, mentions)
      if (before && mentions > (before.get(room) ?? 0)) this.#more(room, mentions)
    }
    for (const room of [...this.#due.keys(), ...this.#shown.keys()]) if (!this.#mentions.get(room)) this.#forget(room)
  }

  #more(room, mentions) {
    if (room === this.#room.room && this.#isActive) return this.#room.connection.send({ type: "here" })
    if (!this.#isOn) return
    clearTimeout(this.#due.get(room))
    this.#due.set(room, setTimeout(() => this.#claim(room, mentions), WAIT))
  }

  #forget(room) {
    clearTimeout(this.#due.get(room))
    this.#due.delete(room)
    this.#shown.get(room)?.close()
    this.#shown.delete(room)
  }

  // For all pages of this browser; without locks (not over HTTP) its tag replaces the ones before.
  #claim(room, mentions) {
    this.#due.delete(room)
    navigator.locks.request(`chat-notification ${room} ${mentions}`, { ifAvailable: true }, async (lock) => {
      if (!lock) return
      await this.#show(room)
      await new Promise((resolve) => setTimeout(resolve, HELD))
    })
  }

  async #show(room) {
    const path = `/chat/${encodeURIComponent(room)}/`
    const response = await fetch(`${path}news/`).catch(() => null)
    if (response?.status !== 200) return // read meanwhile, or the line is away
    const { id, author, text, title, is_direct } = await response.json()
    try {
      const heading = is_direct && title === author ? author : gettext("{author} in {room}", { author, room: title })
      const shown = new Notification(heading, { body: text, tag: room, icon: this.#row.dataset.icon })
      shown.addEventListener("click", () => {
        shown.close()
        window.focus()
        location.assign(`${path}?at=${id}`)
      })
      this.#shown.set(room, shown)
    } catch (error) {
      console.warn(error.message) // on Android a page may not show one by itself
    }
  }
}
