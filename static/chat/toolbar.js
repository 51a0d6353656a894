// What one can do with a message: one small toolbar that moves to it, by mouse, keyboard and touch. Each button says
// what it does by `data-action`, and whoever does that listens for `action:…`.

const AGAIN = 500 // milliseconds: the second click of a double click finds the next message in the place of the first
const PLACE = 10 // pixels

export function install(room) {
  if (room.canChange !== false) new Toolbar(room)
}

class Toolbar {
  #emit
  #toolbar
  #acted = { at: 0, id: "", x: 0, y: 0 }

  constructor({ timeline, emit }) {
    this.#emit = emit
    this.#toolbar = document.getElementById("toolbar").content.querySelector("[role=toolbar]")
    this.#offerOn(timeline.element)
    this.#toolbar.addEventListener("click", (event) => this.#act(event))
    this.#toolbar.addEventListener("keydown", (event) => this.#move(event))
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
    if (!message?.matches("[id^=m]")) return this.#toolbar.remove()
    const isMine = message.matches(".mine")
    for (const button of this.#toolbar.querySelectorAll("[data-mine]")) button.hidden = !isMine
    message.append(this.#toolbar)
    this.#enter(0)
  }

  // One of its buttons is reached by Tab, the others from there by arrows.
  #enter(number) {
    const buttons = [...this.#toolbar.querySelectorAll("button:not([hidden])")]
    for (const button of buttons) button.tabIndex = button === buttons.at(number % buttons.length) ? 0 : -1
    return buttons.at(number % buttons.length)
  }

  #move(event) {
    const isReversed = getComputedStyle(this.#toolbar).direction === "rtl"
    const step = { ArrowRight: isReversed ? -1 : 1, ArrowLeft: isReversed ? 1 : -1 }[event.key]
    if (!step) return
    event.preventDefault()
    const buttons = [...this.#toolbar.querySelectorAll("button:not([hidden])")]
    this.#enter(buttons.indexOf(event.target) + step).focus()
  }

  #act(event) {
    const { action } = event.target.closest("button")?.dataset ?? {}
    const message = this.#toolbar.closest(".message")
    const byKeyboard = event.detail === 0
    if (!action || !message) return
    event.stopPropagation()
    const { at, id, x, y } = this.#acted
    const isAgain = Math.hypot(event.clientX - x, event.clientY - y) < PLACE && event.timeStamp - at < AGAIN
    if (event.detail > 1 || (isAgain && !byKeyboard && message.id !== id)) return
    this.#acted = { at: event.timeStamp, id: message.id, x: event.clientX, y: event.clientY }
    this.#offer(null)
    this.#emit({ type: `action:${action}`, message, byKeyboard })
  }
}
