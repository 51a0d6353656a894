// Search in the room: Ctrl-F makes the header a field, and what was found stands in the place of the messages. Pressed
// once more in the field, or after Escape, Ctrl-F is the browser's own. htmx asks and shows (templates/chat/search/).

import { dressed } from "../dressed.js"
import { lookAt } from "../linking.js"
import { gettext } from "../words.js"

const onMac = /^(Mac|iP)/.test(navigator.platform) // there Ctrl-F moves the caret

export function install(room) {
  const form = document.querySelector(".finding")
  dressed(form) // before it is used: whoever presses Ctrl-F goes on typing at once
  new Finding(room, form, document.getElementById("found"))
}

class Finding {
  #room
  #form
  #found
  #field
  #page = document.getElementById("room")
  #tally = document.getElementById("tally")
  #hadFocus = null
  #isBrowsers = false // the next Ctrl-F, as it was closed by Escape

  constructor(room, form, found) {
    this.#room = room
    this.#form = form
    this.#found = found
    this.#field = form.querySelector("[name=q]")
    document.addEventListener("keydown", (event) => isFind(event) && this.#find(event))
    this.#page.addEventListener("keydown", (event) => this.#isOpen && !event.isComposing && this.#press(event))
    document.getElementById("find").addEventListener("click", (event) => isPlain(event) && (event.preventDefault(), this.#open()))
    form.querySelector("button").addEventListener("click", () => this.#close())
    found.addEventListener("click", (event) => isPlain(event) && this.#lead(event))
    this.#onlyWholeWords()
    found.addEventListener("htmx:beforeSwap", ({ detail }) => {
      if (detail.xhr.status === 400) [detail.shouldSwap, detail.isError] = [true, false] // it says what is wrong with the words
    })
    for (const failure of ["htmx:sendError", "htmx:responseError"])
      form.addEventListener(failure, () => (this.#tally.textContent = gettext("The search was not answered. Try again.")))
  }

  get #isOpen() {
    return !this.#form.hidden
  }

  #find(event) {
    const isTheirs = this.#isOpen ? document.activeElement === this.#field : this.#isBrowsers
    this.#isBrowsers = false
    if (isTheirs || document.querySelector("dialog[open], .sidebar.open")) return
    event.preventDefault()
    this.#open()
  }

  #open() {
    if (!this.#isOpen) this.#hadFocus = document.activeElement
    this.#page.classList.add("searching")
    this.#form.hidden = this.#found.hidden = false
    this.#field.focus()
    this.#field.select()
    if (this.#field.value) globalThis.htmx?.trigger(this.#form, "submit") // something else may be found by now
  }

  #close() {
    this.#page.classList.remove("searching")
    this.#form.hidden = this.#found.hidden = true
    ;(this.#hadFocus?.isConnected && this.#hadFocus !== document.body ? this.#hadFocus : this.#room.composer.input).focus()
  }

  // Escape closes; arrows go from the field through what was found.
  #press(event) {
    if (event.key === "Escape") {
      event.stopPropagation()
      this.#isBrowsers = true
      return this.#close()
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    const stops = [this.#field, ...this.#found.querySelectorAll("a.hit")]
    const goal = stops[stops.indexOf(document.activeElement) + step]
    if (!goal || !isPlain(event)) return
    event.preventDefault()
    goal.focus()
  }

  // A message that is on the page is shown there; to others the link leads.
  #lead(event) {
    const link = event.target.closest("a.hit")
    const isHere = link?.pathname === new URL(this.#room.paths.room, location.href).pathname
    const message = isHere && document.getElementById(`m${new URLSearchParams(link.search).get("at")}`)
    if (!message) return
    event.preventDefault()
    this.#close()
    lookAt(message)
  }

  // Not for what an input method is still composing.
  #onlyWholeWords() {
    this.#field.addEventListener("input", (event) => event.isComposing && event.stopPropagation())
    this.#field.addEventListener("compositionend", () => this.#field.dispatchEvent(new Event("input", { bubbles: true })))
  }
}

const isPlain = ({ ctrlKey, metaKey, shiftKey, altKey }) => !(ctrlKey || metaKey || shiftKey || altKey)

const isFind = ({ key, ctrlKey, metaKey, shiftKey, altKey }) =>
  key?.toLowerCase() === "f" && (onMac ? metaKey && !ctrlKey : ctrlKey && !metaKey) && !shiftKey && !altKey
