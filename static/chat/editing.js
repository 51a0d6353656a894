// Changing what one said: a small toolbar on one's own messages, by mouse, keyboard and touch; ArrowUp edits the last.

import { Deletions } from "./deleting.js"
import { post } from "./post.js"
import { idOf } from "./timeline.js"
import { gettext, refusal } from "./words.js"

const AGAIN = 500 // milliseconds: the second click of a double click finds the next message in the place of the first

export function install(room) {
  if (room.canChange !== false) new Editing(room)
}

class Editing {
  #room
  #composer
  #deletions
  #toolbar
  #acted = { at: 0, message: null }

  constructor(room) {
    this.#room = room
    this.#composer = room.composer
    this.#deletions = new Deletions(room, (id, options) => this.#change(id, "delete/", {}, options))
    this.#toolbar = document.getElementById("toolbar").content.querySelector("[role=toolbar]")
    this.#offerOn(room.timeline.element)
    this.#toolbar.addEventListener("click", (event) => this.#act(event))
    this.#toolbar.addEventListener("keydown", (event) => this.#move(event))
    room.composer.input.addEventListener("keydown", (event) => {
      if (event.key === "ArrowUp" && !room.composer.input.value && !room.composer.isEditing) this.#editLast(event)
    })
    room.on("deleted", ({ id }) => id === room.composer.editing && this.#lost())
    this.#resume(room.composer.interrupted)
  }

  // A mouse may pass over it; a finger taps. `pointerleave` comes before `click` there, so it is the mouse's alone.
  #offerOn(log) {
    log.addEventListener("pointerover", ({ pointerType, target }) => {
      if (pointerType === "mouse" && !this.#hasFocus) this.#offer(target.closest(".message"))
    })
    log.addEventListener("pointerleave", ({ pointerType }) => {
      if (pointerType === "mouse" && !this.#hasFocus) this.#offer(null)
    })
    for (const type of ["focusin", "click"])
      log.addEventListener(type, ({ target }) => this.#offer(target.closest(".message")))
    document.addEventListener("pointerdown", ({ target }) => log.contains(target) || this.#offer(null))
    log.addEventListener("focusout", ({ relatedTarget }) => {
      if (relatedTarget && !log.contains(relatedTarget)) this.#offer(null)
    })
  }

  get #hasFocus() {
    return this.#toolbar.matches(":focus-within")
  }

  #offer(message) {
    if (this.#toolbar.parentElement === message) return
    if (message?.matches(".mine[id^=m]")) message.append(this.#toolbar)
    else this.#toolbar.remove()
    this.#enter(0)
  }

  // One of its buttons is reached by Tab, the others from there by arrows.
  #enter(number) {
    const buttons = [...this.#toolbar.querySelectorAll("button")]
    for (const button of buttons) button.tabIndex = button === buttons.at(number % buttons.length) ? 0 : -1
    return buttons.at(number % buttons.length)
  }

  #move(event) {
    const isReversed = getComputedStyle(this.#toolbar).direction === "rtl"
    const step = { ArrowRight: isReversed ? -1 : 1, ArrowLeft: isReversed ? 1 : -1 }[event.key]
    if (!step) return
    event.preventDefault()
    const buttons = [...this.#toolbar.querySelectorAll("button")]
    this.#enter(buttons.indexOf(event.target) + step).focus()
  }

  #act(event) {
    const { action } = event.target.closest("button")?.dataset ?? {}
    const message = this.#toolbar.closest(".message")
    const byKeyboard = event.detail === 0
    if (!action || !message) return
    event.stopPropagation()
    const { at, message: last } = this.#acted
    const isTooSoon = message !== last && !byKeyboard && event.timeStamp - at < AGAIN
    if (event.detail > 1 || isTooSoon) return
    this.#acted = { at: event.timeStamp, message }
    this.#offer(null)
    if (action === "edit") this.#edit(message)
    if (action === "delete") this.#deletions.begin(message, byKeyboard)
  }

  #editLast(event) {
    const own = [...this.#room.timeline.element.querySelectorAll(".message.mine[id^=m]:not([hidden])")]
    if (!own.length) return
    event.preventDefault()
    this.#edit(own.at(-1))
  }

  // `text` is what was typed before a reload.
  #edit(message, text = undefined) {
    const id = idOf(message)
    const time = message.querySelector("time").textContent
    const notice = gettext("Editing your message of {time}.", { time })
    this.#begin({ id, text, source: this.#room.timeline.source(message), notice })
    message.classList.add("editing")
  }

  #begin(edit) {
    const ended = () => {
      document.querySelector(".message.editing")?.classList.remove("editing")
      this.#room.notice.clear("not-changed")
    }
    this.#composer.edit({ ...edit, ended, save: (text) => this.#change(edit.id, "", { message: text }) })
  }

  #resume(edit) {
    if (!edit) return
    const { element } = this.#room.timeline
    const message = document.getElementById(`m${edit.id}`)
    const first = element.querySelector(".message[id^=m]")
    const isOlder = element.querySelector(".older") && first && edit.id < idOf(first)
    if (message?.matches(".mine")) this.#edit(message, edit.text)
    else this.#begin({ ...edit, source: "", notice: gettext("Editing an older message.") })
    if (!message && !isOlder) this.#lost()
  }

  #lost() {
    this.#composer.lost()
    this.#complain(gettext("The message was deleted meanwhile. What you wrote is still in the field."))
    this.#composer.input.addEventListener("input", () => this.#room.notice.clear("not-changed"), { once: true })
    return false
  }

  #complain(text) {
    this.#room.notice.say("not-changed", { kind: "wrong", text })
    return false
  }

  // True if it was done. The change itself comes back to everyone as an event.
  async #change(id, action, fields, options = {}) {
    try {
      const response = await post(`${this.#room.paths.messages}${id}/${action}`, fields, options)
      this.#room.notice.clear("not-changed")
      if (response.ok) return true
      const refused = await response.json()
      if (refused.reason === "deleted" && id === this.#composer.editing) return this.#lost()
      return this.#complain(refusal(refused))
    } catch {
      return this.#complain(gettext("Not changed: no connection. Try again."))
    }
  }
}
