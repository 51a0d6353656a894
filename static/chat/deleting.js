// Deleting asks nothing: the message goes out of sight, and for some seconds one may take that back. Only then it is
// deleted for everyone; at once if the page is left.

import { idOf, nextMessage, previousMessage } from "./timeline.js"
import { gettext } from "./words.js"

const UNDO_WITHIN = 6_000

export class Deletions {
  #room
  #remove
  #waiting = null // { message, timer }

  // `remove(id, options)` deletes for everyone, and resolves to whether it was done.
  constructor(room, remove) {
    this.#room = room
    this.#remove = remove
    addEventListener("pagehide", () => this.#finish({ keepalive: true }))
  }

  begin(message, byKeyboard) {
    if (message === this.#waiting?.message) return
    this.#finish()
    const neighbour = nextMessage(message) ?? previousMessage(message)
    this.#room.scroll.change(() => this.#room.timeline.hide(message, true))
    this.#waiting = { message, timer: setTimeout(() => this.#finish(), UNDO_WITHIN) }
    const undo = { kind: "doing", text: gettext("Deleted."), action: gettext("Undo"), run: () => this.#undo() }
    this.#room.notice.say("deleted", undo)
    this.#focus(byKeyboard ? neighbour : null)
  }

  #undo() {
    const { message, timer } = this.#waiting
    clearTimeout(timer)
    this.#waiting = null
    this.#room.notice.clear("deleted")
    this.#show(message)
    this.#focus(null)
  }

  async #finish(options = {}) {
    if (!this.#waiting) return
    const { message, timer } = this.#waiting
    clearTimeout(timer)
    this.#waiting = null
    this.#room.notice.clear("deleted")
    if (!(await this.#remove(idOf(message), options))) this.#show(message)
  }

  #show(message) {
    this.#room.scroll.change(() => this.#room.timeline.hide(message, false))
  }

  // By keyboard one stays among the messages; on a touch screen the field would bring its keyboard up.
  #focus(message) {
    if (message) message.focus()
    else if (matchMedia("(pointer: coarse)").matches) document.getElementById("chat-log").focus({ preventScroll: true })
    else this.#room.composer.input.focus()
  }
}
