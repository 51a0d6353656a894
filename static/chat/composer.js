// The field one writes in: Enter sends, Shift+Enter begins a line, and nothing typed is ever cut off or lost.

const LIMIT_SHOWN_FROM = 0.9

export class Composer {
  #form
  #input
  #count
  #say

  constructor(form, say) {
    this.#form = form
    this.#input = form.querySelector("textarea")
    this.#count = form.querySelector(".count")
    this.#say = say
    form.addEventListener("submit", (event) => this.#submit(event))
    this.#input.addEventListener("input", () => this.#measure())
    this.#input.addEventListener("keydown", (event) => {
      // While an input method is composing, Enter picks a word.
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) this.#submit(event)
    })
    this.#input.required = false
    this.#input.focus()
    this.#measure()
  }

  #submit(event) {
    event.preventDefault()
    const text = this.#input.value.trim()
    if (text && !this.#measure()) {
      this.#say(text)
      this.#input.value = ""
      this.#measure()
    }
    this.#input.focus()
  }

  // True if it is too long.
  #measure() {
    const length = [...this.#input.value.trim()].length
    const most = Number(this.#input.dataset.max)
    this.#count.hidden = length < most * LIMIT_SHOWN_FROM
    this.#count.textContent = `${length.toLocaleString()} of ${most.toLocaleString()} characters`
    this.#input.setAttribute("aria-invalid", length > most)
    return length > most
  }
}
