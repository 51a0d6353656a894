// Changing what one said, from the toolbar of one's own messages; ArrowUp edits the last.

import { Deletions } from "./deleting.js"
import { post } from "./post.js"
import { idOf } from "./timeline.js"
import { gettext, refusal } from "./words.js"

export function install(room) {
  if (room.canChange !== false) new Editing(room)
}

class Editing {
  #room
  #composer
  #deletions

  constructor(room) {
    this.#room = room
    this.#composer = room.composer
    this.#deletions = new Deletions(room, (id, options) => this.#change(id, "delete/", {}, options))
    room.on("action:edit", ({ message }) => this.#edit(message))
    room.on("action:delete", ({ message, byKeyboard }) => this.#deletions.begin(message, byKeyboard))
    room.composer.input.addEventListener("keydown", (event) => {
      if (event.key === "ArrowUp" && !room.composer.input.value && !room.composer.isEditing) this.#editLast(event)
    })
    room.on("deleted", ({ id }) => id === room.composer.editing && this.#lost())
    this.#resume(room.composer.interrupted)
  }

  #editLast(event) {
    const own = [...this.#room.timeline.element.querySelectorAll(".message.mine[id^=m]:not([hidden])")]
    if (!own.length) return
    event.preventDefault()
    this.#edit(own.at(-1))
  }

  // `text` is what was typed before a reload.
  async #edit(message, text = undefined) {
    const id = idOf(message)
    const time = message.querySelector("time").textContent
    const source = this.#room.timeline.source(message) ?? (text === undefined ? await this.#source(id) : "")
    if (source === null) return
    this.#begin({ id, text, source, notice: gettext("Editing your message of {time}.", { time }) })
    document.getElementById(message.id)?.classList.add("editing")
  }

  // What was typed: the page has what was made of it.
  async #source(id) {
    try {
      const response = await fetch(`${this.#room.paths.messages}${id}/`, { headers: { Accept: "application/json" } })
      const { text = null } = response.ok ? await response.json() : {}
      if (text === null) this.#complain(gettext("The message was deleted meanwhile."))
      return text
    } catch {
      this.#complain(gettext("Not loaded: no connection. Try again."))
      return null
    }
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
