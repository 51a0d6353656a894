// All emoji in a panel above the field, to be searched in both languages. The last used come first.

import { stored } from "../draft.js"
import { found } from "./emoji.js"
import { gettext } from "../words.js"

const TONES = ["", "🏻", "🏼", "🏽", "🏾", "🏿"]
const USED = 16
const AT_ONCE = 240 // the rest comes while one scrolls

export class Picker {
  #panel = document.createElement("div")
  #filter = document.createElement("input")
  #grid = document.createElement("div")
  #tone = document.createElement("button")
  #opener
  #choose
  #rows = []
  #asked = 0

  constructor(place, opener, choose) {
    document.querySelector(".picker")?.remove()
    this.#opener = opener
    this.#choose = choose
    this.#panel.className = "pop picker"
    this.#panel.role = "dialog"
    this.#panel.ariaLabel = gettext("Emoji")
    this.#filter.type = "search"
    this.#filter.placeholder = "tea, 茶, party"
    this.#filter.ariaLabel = gettext("Search emoji")
    this.#tone.type = "button"
    this.#tone.className = "tool"
    this.#tone.ariaLabel = this.#tone.title = gettext("Skin tone")
    this.#grid.className = "emoji"
    this.#panel.append(this.#filter, this.#tone, this.#grid)
    this.#filter.addEventListener("input", () => this.#search())
    this.#tone.addEventListener("click", () => this.#nextTone())
    this.#grid.addEventListener("scroll", () => this.#more(), { passive: true })
    this.#panel.addEventListener("click", ({ target }) => target.dataset.emoji && this.#take(target.dataset.emoji))
    this.#panel.addEventListener("keydown", (event) => this.#press(event))
    this.outside = ({ target }) => this.#panel.contains(target) || this.#close()
    document.addEventListener("pointerdown", this.outside)
    opener?.setAttribute("aria-expanded", "true")
    place.append(this.#panel)
    this.#showTone()
    this.#search()
    this.#filter.focus()
  }

  async #search() {
    const asked = ++this.#asked
    try {
      const rows = await found(this.#filter.value)
      if (asked !== this.#asked) return
      const used = this.#filter.value ? [] : this.#used.map((emoji) => ({ emoji, names: [emoji] }))
      this.#rows = [...used, ...rows]
      this.#grid.replaceChildren()
      this.#more()
      if (!this.#rows.length) this.#grid.textContent = gettext("Nothing found")
    } catch {
      this.#grid.textContent = gettext("No connection. Try again.")
    }
  }

  #more() {
    if (this.#grid.scrollTop + this.#grid.clientHeight < this.#grid.scrollHeight - 200) return
    const shown = this.#grid.childElementCount
    const tone = TONES[this.#toneNumber]
    this.#grid.append(
      ...this.#rows.slice(shown, shown + AT_ONCE).map(({ emoji, names, hasTones }) => {
        const element = document.createElement("button")
        element.type = "button"
        element.tabIndex = shown || this.#grid.childElementCount ? -1 : 0
        element.textContent = element.dataset.emoji = hasTones ? toned(emoji, tone) : emoji
        element.title = element.ariaLabel = names[0]
        return element
      }),
    )
  }

  #press(event) {
    const buttons = [...this.#grid.querySelectorAll("button")]
    const at = buttons.indexOf(event.target)
    const inRow = Math.max(1, buttons.findIndex((each) => each.offsetTop > buttons[0].offsetTop))
    const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: inRow, ArrowUp: -inRow }[event.key]
    if (event.key === "Escape") this.#close({ back: true })
    else if (event.key === "Enter" && event.target === this.#filter) buttons[0]?.click()
    else if (step && (at >= 0 || event.key === "ArrowDown")) (buttons[at < 0 ? 0 : at + step] ?? this.#filter).focus()
    else return
    event.preventDefault()
    event.stopPropagation()
  }

  #take(emoji) {
    const used = [emoji, ...this.#used.filter((each) => each !== emoji)].slice(0, USED)
    stored(() => (localStorage["emoji:used"] = JSON.stringify(used)))
    this.#close()
    this.#choose(emoji)
  }

  get #used() {
    const used = stored(() => JSON.parse(localStorage["emoji:used"] ?? "[]"))
    return Array.isArray(used) ? used.filter((each) => typeof each === "string").slice(0, USED) : []
  }

  get #toneNumber() {
    return Number(stored(() => localStorage["emoji:tone"])) % TONES.length || 0
  }

  #nextTone() {
    const next = (this.#toneNumber + 1) % TONES.length
    stored(() => (localStorage["emoji:tone"] = next))
    this.#showTone()
    this.#search()
  }

  #showTone() {
    this.#tone.textContent = `✋${TONES[this.#toneNumber]}`
  }

  #close({ back = false } = {}) {
    document.removeEventListener("pointerdown", this.outside)
    this.#opener?.setAttribute("aria-expanded", "false")
    this.#panel.remove()
    if (back) document.getElementById("chat-message-input").focus()
  }
}

const toned = (emoji, tone) => (tone ? emoji.replace("\ufe0f", "") + tone : emoji)
