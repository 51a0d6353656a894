// Changing what one said: a small toolbar on one's own messages, by mouse, keyboard and touch; ArrowUp edits the last.

import { idOf } from "./timeline.js"

export class Editing {
  #timeline
  #composer
  #path
  #toolbar

  constructor(timeline, composer, path) {
    this.#timeline = timeline
    this.#composer = composer
    this.#path = path
    this.#toolbar = document.getElementById("toolbar").content.querySelector(".toolbar")
    for (const type of ["pointerover", "focusin", "click"])
      timeline.element.addEventListener(type, ({ target }) => this.#offer(target.closest(".message")))
    timeline.element.addEventListener("pointerleave", () => this.#toolbar.matches(":focus-within") || this.#offer(null))
    this.#toolbar.addEventListener("click", ({ target }) => this.#act(target.closest("button")))
    composer.input.addEventListener("keydown", (event) => {
      if (event.key !== "ArrowUp" || composer.input.value || composer.isEditing) return
      const own = timeline.element.querySelectorAll(".message.mine[id^=m]")
      if (!own.length) return
      event.preventDefault()
      this.#edit(own[own.length - 1])
    })
  }

  #offer(message) {
    if (this.#toolbar.parentElement === message) return
    this.#askDelete(false)
    if (message?.matches(".mine[id^=m]")) message.append(this.#toolbar)
    else this.#toolbar.remove()
  }

  #act(button) {
    const message = this.#toolbar.closest(".message")
    if (!button || !message) return
    if (button.dataset.action === "edit") this.#edit(message)
    else if (button.dataset.sure) this.#change(idOf(message), "delete/", {})
    else this.#askDelete(true)
  }

  #askDelete(sure) {
    const button = this.#toolbar.querySelector("[data-action=delete]")
    button.textContent = sure ? "Delete for everyone?" : "Delete"
    sure ? (button.dataset.sure = "yes") : delete button.dataset.sure
  }

  #edit(message) {
    const id = idOf(message)
    this.#composer.edit(message.querySelector(".text").textContent, (text) => this.#change(id, "", { message: text }))
  }

  // Returns what went wrong, or nothing. The change itself comes back to everyone as an event.
  async #change(id, action, fields) {
    const token = document.querySelector("[name=csrfmiddlewaretoken]").value
    try {
      const response = await fetch(`${this.#path}${id}/${action}`, {
        method: "POST",
        headers: { Accept: "application/json", "X-CSRFToken": token },
        body: new URLSearchParams(fields),
      })
      if (response.ok) return ""
      const { detail } = await response.json()
      return this.#composer.complain(detail)
    } catch {
      return this.#composer.complain("Not changed: no connection. Try again.")
    }
  }
}
