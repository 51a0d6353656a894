// What is unread to a guest: up to where each room was read stays in this browser, and the server counts from there. It
// is asked now and then, since what a guest has read is nowhere that it could tell them from.

const KEY = "chat-read-" // and the room
const SOON = 1_000 // milliseconds, at random: many may have heard of the same message
const ASK_EVERY = 5_000

// Storage may be forbidden; then it lasts as long as the page.
const own = {}
function stored() {
  try {
    return localStorage
  } catch {
    return own
  }
}

export const markerOf = (room) => stored()[KEY + room]
export const setMarker = (room, seq) => (stored()[KEY + room] = seq)

export class GuestNumbers {
  #rooms
  #show
  #timer = 0
  #askedAt = 0

  // `rooms()` are those in the list, `show(numbers)` is called with those in which something is unread.
  constructor(rooms, show) {
    this.#rooms = rooms
    this.#show = show
    addEventListener("storage", ({ key }) => key?.startsWith(KEY) && this.ask()) // read on another page
    document.addEventListener("visibilitychange", () => document.hidden || this.ask())
    this.#ask()
  }

  ask() {
    clearTimeout(this.#timer)
    const wait = Math.max(0, this.#askedAt + ASK_EVERY - Date.now()) + Math.random() * SOON
    this.#timer = setTimeout(() => document.hidden || this.#ask(), wait)
  }

  async #ask() {
    const known = this.#rooms().filter(markerOf)
    if (!known.length) return
    this.#askedAt = Date.now()
    const query = new URLSearchParams(known.map((room) => [room, markerOf(room)]))
    const response = await fetch(`/rooms/unread/?${query}`).catch(() => null)
    if (response?.ok) this.#show((await response.json()).rooms)
  }
}
