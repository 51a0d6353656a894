// Who is here: their number in the header, and a list, a panel beside a wide room and a drawer over a narrow one.

import { dressed } from "../dressed.js"
import { initial } from "../timeline.js"
import { gettext } from "../words.js"

const HUES = 12 // as chat/markup.py has them
const OPEN = "chat-people" // in this browser's storage: the panel is kept open

const wide = matchMedia("(min-width: 62.5rem)")

export function install(room) {
  new People(room, document.querySelector(".people-button"), document.getElementById("people"))
}

class People {
  #room
  #button
  #list
  #here = new Map() // names by id, in the order in which they came; empty where nobody is named
  #count = 0

  constructor(room, button, list) {
    this.#room = room
    this.#button = button
    this.#list = list
    room.on("presence", (event) => this.#take(event))
    room.on("hello", () => this.#show())
    button.addEventListener("click", () => this.#toggle(this.#list.hidden))
    list.querySelector("button").addEventListener("click", () => this.#toggle(false))
    document.addEventListener("keydown", ({ key }) => key === "Escape" && this.#isDrawer && this.#toggle(false))
    document.addEventListener("click", ({ target }) => {
      if (this.#isDrawer && !list.contains(target) && !button.contains(target)) this.#toggle(false)
    })
    wide.addEventListener("change", () => this.#isOpen && !wide.matches && this.#toggle(false))
    if (wide.matches && stored((storage) => storage[OPEN])) this.#toggle(true, { moves: false })
  }

  get #isOpen() {
    return !this.#list.hidden
  }

  get #isDrawer() {
    return this.#isOpen && !wide.matches
  }

  #take({ count, online, joined = [], left = [] }) {
    this.#count = count
    if (online) this.#here = new Map(online.map(({ id, name }) => [id, name]))
    for (const { id, name } of joined) this.#here.set(id, name)
    for (const { id } of left) this.#here.delete(id)
    if (this.#here.size !== count) this.#here.clear() // more than are named
    this.#show()
  }

  #show() {
    if (!this.#count) return
    this.#button.hidden = false
    this.#button.querySelector(".number").textContent = this.#count
    this.#button.setAttribute("aria-label", gettext("People: {count} here", { count: this.#count }))
    if (!this.#isOpen) return
    this.#list.querySelector(".number").textContent = this.#count
    this.#list.querySelector("ul").replaceChildren(...[...this.#here].sort(byName).map((each) => this.#row(each)))
    this.#list.querySelector("p").hidden = this.#here.size > 0
  }

  #row([id, name]) {
    const isGuest = !id.startsWith("user-")
    const disc = element("span", `disc mid hue-${crc32(id) % HUES}${isGuest ? " guest" : ""}`, initial(name))
    disc.setAttribute("aria-hidden", "true")
    const row = element("li", "row")
    row.dataset.person = id
    row.append(disc, element("bdi", "cut", name))
    const kind = id === this.#room.you.id ? gettext("you") : isGuest ? gettext("guest") : ""
    if (kind) row.append(element("span", "small quiet", kind))
    return row
  }

  async #toggle(isOpen, { moves = true } = {}) {
    if (isOpen) await dressed(this.#list)
    this.#list.hidden = !isOpen
    this.#button.setAttribute("aria-expanded", isOpen)
    if (wide.matches) stored((storage) => (isOpen ? (storage[OPEN] = "1") : delete storage[OPEN]))
    this.#show()
    if (moves) (isOpen ? this.#list.querySelector("button") : this.#button).focus()
  }
}

const byName = ([, one], [, other]) => one.localeCompare(other)

function element(name, className, text = "") {
  return Object.assign(document.createElement(name), { className, textContent: text })
}

// As Python's zlib has it.
function crc32(text) {
  let crc = -1
  for (const byte of new TextEncoder().encode(text)) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0)
  }
  return ~crc >>> 0
}

// Storage may be forbidden: then the panel is closed at first.
function stored(use) {
  try {
    return use(localStorage)
  } catch {
    return undefined
  }
}
