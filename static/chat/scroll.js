// Where the reader is, and every change of the log: what arrives together is put in place in one frame, with one look at
// the layout before and one correction after. The log is laid out from its end (column-reverse), so it opens at the
// newest message without a script, and scrollTop counts upwards from there: 0 is the end, negative is further up.

import { gettext, ngettext } from "./words.js"

const NEAR = 40 // pixels
const WORK = 12 // milliseconds of a frame that changes may take; the rest comes in the next one
const BUSY_EVERY = 120 // milliseconds between two changes while many arrive
const LATEST = 250 // a hidden page gets no frames

export class Scroll {
  #log
  #button
  #tidy
  #changes = []
  #isDue = false
  #changedAt = 0
  #unseen = 0
  #elsewhere = 0
  #title = document.title

  // `tidy` may take away what is far above, while the reader is at the end.
  constructor(log, button, tidy) {
    this.#log = log
    this.#button = button
    this.#tidy = tidy
    button.addEventListener("click", () => this.#toEnd())
    log.addEventListener("scroll", () => this.#look(), { passive: true })
    document.addEventListener("visibilitychange", () => this.#look())
  }

  // What waits in other rooms counts in the title too.
  elsewhere(number) {
    if (number === this.#elsewhere) return
    this.#elsewhere = number
    this.#show(this.atEnd)
  }

  get atEnd() {
    return -this.#log.scrollTop < NEAR
  }

  // Change the log soon, in the order asked for; stay at the end if the reader is there, else leave the reader's place.
  change(act, { toEnd = false, counts = false } = {}) {
    this.#changes.push({ act, toEnd, counts })
    if (this.#isDue && !toEnd) return
    this.#isDue = true
    const wait = toEnd ? 0 : this.#changedAt + BUSY_EVERY - performance.now()
    if (wait > 0) setTimeout(() => nextFrame(() => this.#perform()), wait)
    else nextFrame(() => this.#perform())
  }

  #perform() {
    if (!this.#changes.length) return
    const begun = performance.now()
    const wasAtEnd = this.atEnd
    const fromTop = wasAtEnd ? 0 : this.#log.scrollHeight + this.#log.scrollTop
    let toEnd = wasAtEnd
    while (this.#changes.length && performance.now() - begun < WORK) {
      const change = this.#changes.shift()
      attempt(change.act)
      toEnd ||= change.toEnd
      if (change.counts && (document.hidden || !toEnd)) this.#unseen++
    }
    if (toEnd) this.#tidy()
    this.#log.scrollTop = toEnd ? 0 : fromTop - this.#log.scrollHeight
    this.#show(toEnd)
    this.#changedAt = performance.now()
    this.#isDue = this.#changes.length > 0
    if (this.#isDue) nextFrame(() => this.#perform())
  }

  #toEnd() {
    this.#log.scrollTop = 0
    document.getElementById("chat-message-input").focus()
  }

  #look() {
    const { atEnd } = this
    if (atEnd && !document.hidden) this.#unseen = 0
    this.#show(atEnd)
  }

  #show(atEnd) {
    const unseen = this.#unseen
    const text = unseen ? ngettext("{count} new message", "{count} new messages", unseen) : gettext("To the newest")
    if (this.#button.hidden !== atEnd) this.#button.hidden = atEnd
    if (this.#button.textContent !== text) this.#button.textContent = text
    const count = (document.hidden ? this.#unseen : 0) + this.#elsewhere
    const title = count ? `(${count}) ${this.#title}` : this.#title
    if (document.title !== title) document.title = title
  }
}

// One change that fails does not keep the others from being made.
function attempt(act) {
  try {
    act()
  } catch (error) {
    reportError(error)
  }
}

// Once, with the next frame, or a little later where no frame comes.
function nextFrame(act) {
  let isDone = false
  const once = () => {
    if (isDone) return
    isDone = true
    cancelAnimationFrame(frame)
    clearTimeout(timer)
    act()
  }
  const frame = requestAnimationFrame(once)
  const timer = setTimeout(once, LATEST)
}
