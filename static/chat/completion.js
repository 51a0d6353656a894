// A list of what a word begun in the field could become: commands, emoji, and what features add. By keyboard and mouse.
// A source has `pattern`, matched with the text before the caret, whose first group is asked for, and `find(typed)`,
// which resolves to `[{ text, label, detail, lead }]`; `lead` is an element before the label, if any. What is chosen takes
// the place of the whole match.

import { isComposing } from "./composer.js"
import { insert } from "./formatting.js"
import { gettext } from "./words.js"

const MOST = 8

export class Completion {
  #input
  #list
  #sources = []
  #found = [] // of the list that is open
  #from = 0
  #current = 0
  #asked = 0

  constructor({ input }) {
    this.#input = input
    this.#list = document.createElement("ul")
    this.#list.id = "completion"
    this.#list.className = "pop completion"
    this.#list.role = "listbox"
    this.#list.ariaLabel = gettext("Suggestions")
    this.#list.hidden = true
    input.parentElement.append(this.#list)
    input.setAttribute("aria-controls", this.#list.id)
    input.setAttribute("aria-autocomplete", "list")
    input.addEventListener("input", (event) => event.isComposing || this.#look())
    input.addEventListener("compositionend", () => this.#look())
    input.addEventListener("blur", () => this.close())
    input.form.addEventListener("keydown", (event) => this.#press(event), { capture: true }) // before Enter sends
    this.#list.addEventListener("pointerdown", (event) => event.preventDefault()) // the field keeps the focus
    this.#list.addEventListener("click", ({ target }) => this.#choose([...this.#list.children].indexOf(target.closest("li"))))
  }

  add(source) {
    this.#sources.push(source)
  }

  close() {
    this.#asked++
    this.#found = []
    this.#list.hidden = true
    this.#input.removeAttribute("aria-activedescendant")
  }

  async #look() {
    const asked = ++this.#asked
    const { selectionStart: caret, selectionEnd, value } = this.#input
    const before = value.slice(Math.max(0, caret - 64), caret)
    const matches = this.#sources.map((source) => ({ source, match: before.match(source.pattern) }))
    const { source, match } = matches.find((each) => each.match) ?? {}
    if (!match || caret !== selectionEnd) return this.close()
    const found = (await source.find(match[1])).slice(0, MOST)
    if (asked !== this.#asked) return
    if (!found.length) return this.close()
    this.#from = caret - match[0].length
    this.#found = found
    this.#list.replaceChildren(...found.map(option))
    this.#list.hidden = false
    this.#point(0)
  }

  #point(number) {
    this.#current = (number + this.#found.length) % this.#found.length
    for (const [index, item] of [...this.#list.children].entries()) item.ariaSelected = index === this.#current
    this.#input.setAttribute("aria-activedescendant", `completion-${this.#current}`)
  }

  #press(event) {
    if (!this.#found.length || isComposing(event)) return
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) return this.close() // it sends what was typed
    const act = {
      ArrowDown: () => this.#point(this.#current + 1),
      ArrowUp: () => this.#point(this.#current - 1),
      Enter: () => this.#choose(this.#current),
      Tab: () => this.#choose(this.#current),
      Escape: () => this.close(),
    }[event.key]
    if (!act || event.shiftKey) return
    event.preventDefault()
    event.stopPropagation()
    act()
  }

  #choose(number) {
    const chosen = this.#found[number]
    if (!chosen) return
    this.close()
    this.#input.focus()
    this.#input.setSelectionRange(this.#from, this.#input.selectionStart)
    insert(this.#input, chosen.text)
    this.close()
  }
}

function option({ label, detail, lead }, index) {
  const item = document.createElement("li")
  item.id = `completion-${index}`
  item.role = "option"
  item.className = "row"
  const name = document.createElement("bdi")
  name.className = "cut"
  name.textContent = label
  const more = document.createElement("span")
  more.className = "quiet cut"
  more.textContent = detail
  item.append(...[lead, name, more].filter(Boolean))
  return item
}
