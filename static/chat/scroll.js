// Where the reader is. The log is laid out from its end (column-reverse), so it opens at the newest message without
// a script, and scrollTop counts upwards from there: 0 is the end, negative is further up.

const NEAR = 40

export class Scroll {
  #log
  #button
  #unseen = 0
  #title = document.title

  constructor(log, button) {
    this.#log = log
    this.#button = button
    button.addEventListener("click", () => this.#toEnd())
    log.addEventListener("scroll", () => this.#look(), { passive: true })
    document.addEventListener("visibilitychange", () => this.#look())
  }

  get atEnd() {
    return -this.#log.scrollTop < NEAR
  }

  // Change the log; stay at the end if the reader is there, else leave the reader's place where it is.
  following(change, toEnd = false, counts = false) {
    const wasAtEnd = this.atEnd
    const fromTop = this.#log.scrollHeight + this.#log.scrollTop
    change()
    if (wasAtEnd || toEnd) this.#log.scrollTop = 0
    else this.#log.scrollTop = fromTop - this.#log.scrollHeight
    if (counts && (document.hidden || !(wasAtEnd || toEnd))) this.#unseen++
    this.#show()
  }

  // Older messages are about to come in above: what is counted from the end stays where it is.
  keepPlace() {
    const { scrollTop } = this.#log
    requestAnimationFrame(() => (this.#log.scrollTop = scrollTop))
  }

  #toEnd() {
    this.#log.scrollTop = 0
    document.getElementById("chat-message-input").focus()
  }

  #look() {
    if (this.atEnd && !document.hidden) this.#unseen = 0
    this.#show()
  }

  #show() {
    this.#button.hidden = this.atEnd
    this.#button.textContent = this.#unseen ? `${this.#unseen} new ${this.#unseen === 1 ? "message" : "messages"}` : "To the newest"
    document.title = this.#unseen && document.hidden ? `(${this.#unseen}) ${this.#title}` : this.#title
  }
}
