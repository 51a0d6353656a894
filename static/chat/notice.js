// The line above the field: whatever concerns writing, one thing at a time, the most pressing first.

const ORDER = ["wrong", "doing", "may", "typing", "hint"] // what went wrong, what one does, may do, who types, a hint

export class Notice {
  #line
  #entries = new Map() // by what each is about, the newest last
  #clock = 0

  constructor(line) {
    this.#line = line
    line.querySelector("button").addEventListener("click", () => this.#shown?.run())
  }

  // `text` may be made of the seconds that are left until `until`. `action` names the button that calls `run`.
  say(about, { kind, text, action = "", run = null, until = 0 }) {
    this.#entries.delete(about)
    this.#entries.set(about, { about, kind, text, action, run, until })
    this.#show()
  }

  clear(about) {
    if (this.#entries.delete(about)) this.#show()
  }

  get #shown() {
    const entries = [...this.#entries.values()].reverse()
    return ORDER.map((kind) => entries.find((entry) => entry.kind === kind)).find(Boolean)
  }

  #show() {
    clearTimeout(this.#clock)
    const { about = "", kind = "", text = "", action = "", until = 0 } = this.#shown ?? {}
    const left = Math.ceil((until - Date.now()) / 1000)
    if (until && left < 1) return this.clear(about)
    const [line, button] = this.#line.children
    this.#line.dataset.about = about
    this.#line.classList.toggle("wrong", kind === "wrong")
    this.#line.role = until ? "timer" : "status" // a timer is not read out each second
    line.textContent = typeof text === "function" ? text(left) : text
    button.textContent = action
    button.hidden = !action
    if (until) this.#clock = setTimeout(() => this.#show(), 1000)
  }
}
