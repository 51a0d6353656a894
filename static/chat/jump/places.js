// The dialog of Ctrl-K: what stands in the sidebar at once, then what the server finds. By keyboard and mouse.

import { isComposing } from "../composer.js"
import { disc } from "../disc.js"
import { icon } from "../icon.js"
import { gettext } from "../words.js"

const MOST = 12
const ASK_AFTER = 120 // milliseconds without a key

export function open(room, typed) {
  new Places(room, typed)
}

export const folded = (text) => text.normalize("NFKC").toLowerCase()

class Places {
  #you
  #dialog = document.createElement("dialog")
  #input = document.createElement("input")
  #list = document.createElement("ul")
  #line = document.createElement("p")
  #found = [] // as they are shown
  #current = 0
  #answers = new Map() // of the server, by what was typed
  #timer = 0

  constructor({ you }, typed) {
    this.#you = you
    this.#build()
    this.#input.value = typed
    this.#input.addEventListener("input", (event) => this.#look(event.isComposing))
    this.#input.addEventListener("compositionend", () => this.#look())
    this.#input.addEventListener("keydown", (event) => this.#press(event))
    this.#list.addEventListener("pointerdown", (event) => event.preventDefault()) // the field keeps the focus
    this.#list.addEventListener("click", ({ target }) => location.assign(target.closest("li").dataset.href))
    this.#dialog.addEventListener("click", ({ target }) => target === this.#dialog && this.#dialog.close())
    this.#dialog.addEventListener("close", () => (clearTimeout(this.#timer), this.#dialog.remove()))
    this.#dialog.showModal()
    this.#input.select()
    this.#look()
  }

  #build() {
    const label = gettext("Go to a room or a person")
    this.#dialog.className = "dialog jump"
    this.#dialog.ariaLabel = label
    Object.assign(this.#input, { type: "text", role: "combobox", ariaLabel: label, ariaExpanded: "true", autocomplete: "off" })
    this.#input.setAttribute("aria-controls", "places")
    this.#input.spellcheck = false
    Object.assign(this.#list, { id: "places", role: "listbox", ariaLabel: gettext("Rooms and people") })
    this.#line.className = "small quiet"
    this.#line.role = "status"
    const field = document.createElement("label")
    field.className = "well"
    field.append(icon("search"), this.#input)
    this.#dialog.append(field, this.#list, this.#line)
    document.body.append(this.#dialog)
  }

  get #typed() {
    return this.#input.value.trim()
  }

  // What was answered before is there at once.
  #look(isComposing = false) {
    this.#show()
    clearTimeout(this.#timer)
    const typed = this.#typed
    if (typed && !isComposing && !this.#answers.has(typed)) this.#timer = setTimeout(() => this.#ask(typed), ASK_AFTER)
  }

  async #ask(typed) {
    const response = await fetch(`/rooms/find/?${new URLSearchParams({ q: typed })}`).catch(() => null)
    if (!response?.ok) return
    this.#answers.set(typed, await response.json())
    if (typed === this.#typed) this.#show()
  }

  #show() {
    const typed = this.#typed
    const { rooms = [], people = [] } = this.#answers.get(typed) ?? {}
    const found = new Map()
    for (const place of [...listed(this.#you), ...rooms.map(ofRoom), ...people.map(ofPerson)]) {
      const part = folded(typed.startsWith("@") ? typed.slice(1) : typed)
      if (!found.has(place.key) && (folded(place.name).includes(part) || place.isFound)) found.set(place.key, place)
    }
    const begins = ({ name }) => Number(folded(name).startsWith(folded(typed)))
    this.#found = [...found.values()].sort((one, other) => begins(other) - begins(one)).slice(0, MOST)
    this.#list.replaceChildren(...this.#found.map((place, index) => option(place, index, typed)))
    this.#line.textContent = this.#found.length ? gettext("↑ ↓ to choose, Enter to go, Esc to stay") : gettext("Nothing found.")
    this.#point(0)
  }

  #point(number) {
    const count = this.#found.length
    this.#current = count ? (number + count) % count : 0
    for (const [index, item] of [...this.#list.children].entries()) item.ariaSelected = index === this.#current
    if (count) this.#input.setAttribute("aria-activedescendant", `place-${this.#current}`)
    else this.#input.removeAttribute("aria-activedescendant")
    this.#list.children[this.#current]?.scrollIntoView({ block: "nearest" })
  }

  #press(event) {
    if (isComposing(event)) return
    const act = {
      ArrowDown: () => this.#point(this.#current + 1),
      ArrowUp: () => this.#point(this.#current - 1),
      Enter: () => this.#list.children[this.#current]?.click(),
    }[event.key]
    if (!act) return
    event.preventDefault()
    act()
  }
}

// What stands in the sidebar, but for where one is: what is unread comes first.
function listed(you) {
  const rows = [...document.querySelectorAll("#sidebar .lists .row:not([aria-current])")]
  rows.sort((one, other) => other.matches(".fresh") - one.matches(".fresh"))
  return rows.map((row) => {
    const { room } = row.dataset
    const others = room.startsWith("~") ? room.slice(1).split(".").filter((id) => `user-${id}` !== you.id) : []
    const person = others.length === 1 ? `user-${others[0]}` : null
    const name = row.querySelector("bdi").textContent
    const detail = row.querySelector(".count")?.cloneNode(true) ?? words(others.length ? gettext("direct") : "")
    return { key: person ?? room, name, person, href: row.href, detail, isDirect: others.length > 0 }
  })
}

const ofRoom = ({ room, topic }) => ({ key: room, name: room, href: `/chat/${encodeURIComponent(room)}/`, detail: words(topic), isFound: true })

const ofPerson = ({ id, name }) => ({
  key: id, name, person: id, href: `/chat/@${encodeURIComponent(name)}/`, detail: words(gettext("direct")), isFound: true,
})

function option({ name, person, href, detail, isDirect }, index, typed) {
  const item = Object.assign(document.createElement("li"), { id: `place-${index}`, role: "option", className: "row" })
  item.dataset.href = href
  item.append(person ? disc({ id: person, name }, "low") : icon(isDirect ? "users" : "hash"), marked(name, typed), detail)
  return item
}

// With the part that was typed marked, where it stands there letter for letter.
function marked(name, typed) {
  const text = Object.assign(document.createElement("bdi"), { className: "cut" })
  const at = typed ? name.toLowerCase().indexOf(typed.toLowerCase()) : -1
  if (at < 0 || name.toLowerCase().length !== name.length) {
    text.textContent = name
    return text
  }
  const mark = document.createElement("mark")
  mark.textContent = name.slice(at, at + typed.length)
  text.append(name.slice(0, at), mark, name.slice(at + typed.length))
  return text
}

const words = (text) => Object.assign(document.createElement("span"), { className: "quiet small cut", textContent: text })
