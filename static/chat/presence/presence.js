// Who is here: their number in the header, and a list, a panel beside a wide room and a drawer over a narrow one. Those
// without input for two minutes stand apart, as away.

import { disc } from "../disc.js"
import { dressed } from "../dressed.js"
import { stored } from "../draft.js"
import { gettext } from "../words.js"
import { install as tellInput } from "./active.js"

const OPEN = "chat-people" // in this browser's storage: the panel is kept open
const MINUTE = 60_000

const wide = matchMedia("(min-width: 62.5rem)")

export function install(room) {
  new People(room, document.querySelector(".people-button"), document.getElementById("people"))
  tellInput(room)
}

class People {
  #room
  #button
  #list
  #people = new Map() // `{ name, away }` by id; empty where nobody is named
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
    if (wide.matches && stored(() => localStorage[OPEN])) this.#toggle(true, { moves: false })
    setInterval(() => this.#isOpen && this.#show(), MINUTE) // for how long somebody is away
  }

  get #isOpen() {
    return !this.#list.hidden
  }

  get #isDrawer() {
    return this.#isOpen && !wide.matches
  }

  #take({ count, online, joined = [], left = [] }) {
    this.#count = count
    if (online) this.#people.clear()
    for (const { id, ...person } of [...(online ?? []), ...joined]) this.#people.set(id, person)
    for (const { id } of left) this.#people.delete(id)
    if (this.#people.size !== count) this.#people.clear() // more than are named
    this.#show()
  }

  #show() {
    if (!this.#count) return
    const people = [...this.#people].sort(byName)
    const away = people.filter(([, person]) => person.away)
    const here = this.#count - away.length
    this.#button.hidden = false
    this.#button.querySelector(".number").textContent = here
    this.#button.setAttribute("aria-label", gettext("People: {count} here", { count: here }))
    if (!this.#isOpen) return
    const focused = this.#list.contains(document.activeElement) && document.activeElement.dataset.person
    const [forHere, forAway] = this.#list.querySelectorAll("ul")
    fill(forHere, here, people.filter(([, person]) => !person.away).map((each) => this.#row(each)))
    fill(forAway, away.length, away.map((each) => this.#row(each)))
    for (const each of [forAway, forAway.previousElementSibling]) each.hidden = !away.length
    this.#list.querySelector("p").hidden = people.length > 0
    if (focused) this.#rowOf(focused)?.focus()
  }

  // Other accounts can be pressed: whoever hears of it knows what one may do about them.
  #row([id, { name, away }]) {
    const isAccount = id.startsWith("user-")
    const canPress = isAccount && id !== this.#room.you.id
    const row = element(canPress ? "button" : "div", "row")
    row.dataset.person = id
    if (canPress) {
      Object.assign(row, { type: "button", ariaHasPopup: "menu" })
      const back = () => this.#rowOf(id)
      row.addEventListener("click", () => this.#room.emit({ type: "person", person: { id, name }, element: row, back }))
    }
    row.append(disc({ id, name }, `mid ${away ? "away" : "here"}`), element("bdi", "cut", name))
    const kind = id === this.#room.you.id ? gettext("you") : isAccount ? gettext("account") : gettext("guest")
    const isSeen = !away && kind !== gettext("account") // a full disc shows that
    row.append(element("span", isSeen ? "small quiet" : "visually-hidden", kind))
    if (away) row.append(element("span", "small quiet", lasting(away)))
    const item = element("li", "")
    item.append(row)
    return item
  }

  #rowOf(id) {
    return this.#list.querySelector(`[data-person="${CSS.escape(id)}"]`)
  }

  async #toggle(isOpen, { moves = true } = {}) {
    if (isOpen) await dressed(this.#list)
    this.#list.hidden = !isOpen
    this.#button.setAttribute("aria-expanded", isOpen)
    if (wide.matches) stored(() => (isOpen ? (localStorage[OPEN] = "1") : delete localStorage[OPEN]))
    this.#show()
    if (moves) (isOpen ? this.#list.querySelector("button") : this.#button).focus()
  }
}

const byName = ([, one], [, other]) => one.name.localeCompare(other.name)

function fill(list, count, rows) {
  list.previousElementSibling.querySelector(".number").textContent = count
  list.replaceChildren(...rows)
}

// 14 min, 3 hr: since then.
function lasting(since) {
  const minutes = Math.max(1, Math.round((Date.now() - Date.parse(since)) / MINUTE))
  const [number, unit] = minutes < 60 ? [minutes, "minute"] : [Math.round(minutes / 60), "hour"]
  const format = { style: "unit", unit, unitDisplay: "short" }
  return new Intl.NumberFormat(document.documentElement.lang, format).format(number)
}

function element(name, className, text = "") {
  return Object.assign(document.createElement(name), { className, textContent: text })
}
