// The field one writes in: Enter sends, Shift+Enter begins a line, and nothing typed is ever cut off or lost.

const LIMIT_SHOWN_FROM = 0.9

export class Composer {
  #form
  #count
  #note
  #say
  #key
  #saveEdit = null
  #afterEdit = null

  constructor(form, room, say) {
    this.#form = form
    this.input = form.querySelector("textarea")
    this.#count = form.querySelector(".count")
    this.#note = form.querySelector(".note")
    this.#say = say
    this.#key = `draft:${room}`
    form.addEventListener("submit", (event) => this.#submit(event))
    form.querySelector(".cancel").addEventListener("click", () => this.#endEdit())
    this.input.addEventListener("input", () => this.#changed())
    this.input.addEventListener("keydown", (event) => {
      // While an input method is composing, Enter picks a word.
      const isComposing = event.isComposing || event.keyCode === 229 // 229: Safari's last Enter of a composition
      if (event.key === "Enter" && !event.shiftKey && !isComposing) this.#submit(event)
      if (event.key === "Escape" && this.isEditing) this.#endEdit()
    })
    this.input.required = false
    this.input.value ||= this.#draft
    this.input.focus()
    this.#measure()
  }

  get isEditing() {
    return this.#saveEdit !== null
  }

  // Write over a message; the draft comes back afterwards. `save` returns what went wrong, or nothing.
  edit(text, save) {
    this.#saveEdit = save
    this.#form.classList.add("editing")
    this.#show(text)
    this.complain("")
    this.input.focus()
  }

  complain(text) {
    this.#note.textContent = text
    return text
  }

  async #submit(event) {
    event.preventDefault()
    const text = this.input.value.trim()
    this.input.focus()
    if (!text || this.#measure()) return
    if (this.isEditing) return this.#save(text)
    this.#say(text)
    this.#show("")
    this.#changed()
  }

  async #save(text) {
    const edit = this.#saveEdit
    if (edit.isSaving) return
    edit.isSaving = true
    const problem = await edit(text)
    edit.isSaving = false
    if (!problem && this.#saveEdit === edit) this.#endEdit() // another edit may have begun meanwhile
  }

  // Now, or when the edit that is under way has ended.
  afterEdit(action) {
    if (this.isEditing) this.#afterEdit = action
    else action()
  }

  #endEdit() {
    this.#saveEdit = null
    this.#afterEdit?.()
    this.#form.classList.remove("editing")
    this.complain("")
    this.#show(this.#draft)
    this.input.focus()
  }

  #show(text) {
    this.input.value = text
    this.#measure()
  }

  // A draft outlives a reload, also one that the server asked for.
  #changed() {
    this.#measure()
    if (!this.isEditing) this.#draft = this.input.value
  }

  get #draft() {
    try {
      return sessionStorage[this.#key] ?? ""
    } catch {
      return "" // storage is forbidden
    }
  }

  set #draft(text) {
    try {
      sessionStorage[this.#key] = text
    } catch {
      // as above
    }
  }

  // True if it is too long.
  #measure() {
    const length = [...this.input.value.trim()].length
    const most = Number(this.input.dataset.max)
    this.#count.hidden = length < most * LIMIT_SHOWN_FROM
    this.#count.textContent = `${length.toLocaleString()} of ${most.toLocaleString()} characters`
    this.input.setAttribute("aria-invalid", length > most)
    return length > most
  }
}
