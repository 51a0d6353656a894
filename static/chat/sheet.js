// What a long press on a message opens: a sheet from below, with the actions of the toolbar. Features add theirs as it
// opens (`pressed`).

import { copy } from "./copying.js"
import { dressed } from "./dressed.js"
import { lineOf } from "./line.js"
import { onLongPress } from "./pressing.js"
import { gettext } from "./words.js"

const QUOTED = 120 // characters
const SHOWN = 3_000

export function install(room) {
  if (room.canChange !== false) new Sheet(room)
}

class Sheet {
  #room
  #template = document.getElementById("sheet")
  #tools // of the toolbar, before it moves to a message
  #open = null // { dialog, message, isTouched }

  constructor(room) {
    this.#room = room
    const toolbar = document.getElementById("toolbar").content.cloneNode(true)
    this.#tools = [...toolbar.querySelectorAll("[data-action]:not([aria-haspopup])")]
    onLongPress(room.timeline.element, (message) => this.#show(message))
    room.on("deleted", ({ id }) => this.#open?.message.id === `m${id}` && this.#open.dialog.close())
    room.on("action:copy", ({ message }) => this.#copy(message))
  }

  async #show(message) {
    if (this.#open) return
    this.#open = { dialog: this.#template.content.firstElementChild.cloneNode(true), message, isTouched: false }
    await dressed(this.#template)
    const { dialog } = this.#open
    this.#fill(dialog, message)
    dialog.addEventListener("close", () => this.#closed())
    dialog.addEventListener("pointerdown", () => (this.#open.isTouched = true))
    // The finger that opened it may be lifted over a row: what is meant begins inside.
    const meant = ({ detail }) => detail === 0 || this.#open.isTouched
    dialog.addEventListener("click", (event) => meant(event) || event.stopPropagation(), { capture: true })
    dialog.addEventListener("click", ({ target }) => this.#press(target))
    message.classList.add("chosen")
    document.body.append(dialog)
    document.getElementById("chat-log").focus({ preventScroll: true }) // where the focus comes back to: no keyboard
    dialog.showModal()
  }

  #fill(dialog, message) {
    const [author, words] = dialog.querySelector(".quoted").children
    author.textContent = message.querySelector(".author").textContent
    words.textContent = lineOf(message.querySelector(".text")).slice(0, QUOTED)
    const rows = dialog.querySelector(".rows")
    const tools = this.#tools.filter((tool) => message.matches(".mine") || !tool.matches("[data-mine]"))
    rows.prepend(...tools.map(row))
    this.#room.emit({ type: "pressed", message, dialog, rows })
    rows.append(...rows.querySelectorAll(".wrong"))
  }

  // On a row, on something else that can be pressed, or beside it.
  #press(target) {
    const { dialog, message } = this.#open
    const button = target.closest("button")
    if (!button && target !== dialog) return
    dialog.close()
    const type = `action:${button?.dataset.action}`
    const now = document.getElementById(message.id) // it may have changed since
    if (now) this.#room.emit({ type, message: now, byKeyboard: false })
  }

  #closed() {
    const { dialog, message } = this.#open
    document.getElementById(message.id)?.classList.remove("chosen")
    message.classList.remove("chosen")
    dialog.remove()
    this.#open = null
  }

  async #copy(message) {
    const { notice, timeline } = this.#room
    const text = timeline.source(message) ?? message.querySelector(".text").innerText
    notice.say("copied", { kind: "doing", text: (await copy(text)) ? gettext("Copied.") : gettext("Not allowed") })
    setTimeout(() => notice.clear("copied"), SHOWN)
  }
}

// A tool of the toolbar as a line with its name.
function row(tool) {
  const element = document.createElement("button")
  element.className = tool.dataset.action === "delete" ? "row wrong" : "row"
  element.type = "button"
  element.dataset.action = tool.dataset.action
  const name = document.createElement("span")
  name.className = "cut"
  name.textContent = tool.title
  element.append(tool.querySelector("svg").cloneNode(true), name)
  return element
}
