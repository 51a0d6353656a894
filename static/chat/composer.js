// The field one writes in: Enter sends with a keyboard and begins a line on a touch screen. Nothing typed is ever cut
// off or lost. Writing over a message that was said uses the same field; the draft comes back afterwards.

import { Draft } from "./draft.js"
import { gettext } from "./words.js"

const LIMIT_SHOWN_FROM = 0.9
const LINE_ENDS = /\r\n?|[\v\f\u0085]/g // U+000B is how slides end a line
const CONTROL = /[\0-\x08\x0e-\x1f\x7f-\x9f]/g // what else the server refuses, such as a terminal's colours
const onTouch = matchMedia("(pointer: coarse)")

export class Composer {
  #form
  #button
  #count
  #say
  #notice
  #draft
  #edit = null // { id, text, save, ended, isSaving }
  #afterEdit = null
  #isTooLong = false

  constructor(form, room, notice, say) {
    this.#form = form
    this.#notice = notice
    this.#say = say
    this.#draft = new Draft(room)
    this.#button = form.querySelector("#chat-message-submit")
    this.#count = form.querySelector(".count")
    this.input = form.querySelector("textarea")
    this.grow = () => {} // for browsers whose CSS cannot (growing.js)
    form.addEventListener("submit", (event) => this.#submit(event))
    this.input.addEventListener("input", () => this.#changed())
    this.input.addEventListener("keydown", (event) => this.#press(event))
    onTouch.addEventListener("change", () => this.#hintEnter())
    this.#hintEnter()
    this.input.required = false
    if (!this.input.value) this.#show(this.#draft.text)
    this.input.focus({ preventScroll: true })
    this.#measure()
  }

  get isEditing() {
    return this.#edit !== null
  }

  get editing() {
    return this.#edit?.id
  }

  // An edit that a reload interrupted: `{ id, text }` or null.
  get interrupted() {
    return this.#draft.edit
  }

  // Write over a message. `save(text)` resolves to whether it was done; `ended` is called when the edit is over.
  edit({ id, source, text = source, save, ended, notice }) {
    if (this.isEditing) this.cancel()
    this.#edit = { id, source, save, ended }
    this.#draft.edit = { id, text }
    this.#setMode("editing")
    this.#notice.say("editing", { kind: "doing", text: notice, action: gettext("Cancel"), run: () => this.cancel() })
    this.#show(text)
    this.input.focus()
  }

  cancel() {
    this.#endEdit()
    this.#show(this.#draft.text)
    this.input.focus()
  }

  // What was written over a message that is gone stays, as a draft.
  lost() {
    const text = this.input.value
    this.#endEdit()
    this.putBack(text)
  }

  // Text that could not be sent comes back, before what was begun meanwhile.
  putBack(text) {
    this.#draft.text = [text, this.#draft.text].filter(Boolean).join("\n")
    if (!this.isEditing) this.#show(this.#draft.text)
    this.input.focus()
  }

  clear() {
    this.#draft.text = ""
    this.#show("")
  }

  // Where the caret is.
  insert(text) {
    this.input.setRangeText(text, this.input.selectionStart, this.input.selectionEnd, "end")
    this.#changed()
    this.input.focus()
  }

  // Now, or when the edit that is under way has ended.
  afterEdit(action) {
    if (this.isEditing) this.#afterEdit = action
    else action()
  }

  #press(event) {
    if (isComposing(event)) return
    const begins = event.shiftKey || (onTouch.matches && !event.ctrlKey && !event.metaKey)
    if (event.key === "Enter" && !begins) this.#submit(event)
    if (event.key === "Escape" && this.isEditing) this.cancel()
  }

  #submit(event) {
    event.preventDefault()
    const text = this.input.value.trim()
    this.input.focus()
    if (this.#isTooLong || !text) return
    if (this.isEditing) return this.#save(text)
    if (!this.#say(text)) return
    this.clear()
  }

  async #save(text) {
    const edit = this.#edit
    if (edit.isSaving) return
    edit.isSaving = true
    const isDone = text === edit.source || (await edit.save(text))
    edit.isSaving = false
    if (isDone && this.#edit === edit) this.cancel() // another edit may have begun meanwhile
  }

  #endEdit() {
    const { ended } = this.#edit
    this.#edit = this.#draft.edit = null
    this.#setMode("writing")
    this.#notice.clear("editing")
    ended()
    this.#afterEdit?.()
    this.#afterEdit = null
  }

  #setMode(mode) {
    this.#form.classList.toggle("editing", mode === "editing")
    for (const label of this.#button.querySelectorAll("[data-when]")) label.hidden = label.dataset.when !== mode
  }

  #hintEnter() {
    this.input.enterKeyHint = onTouch.matches ? "enter" : "send"
  }

  #show(text) {
    this.input.value = text
    this.#measure()
  }

  #changed() {
    this.#clean()
    this.#measure()
    const { value } = this.input
    if (this.isEditing) this.#draft.edit = { id: this.#edit.id, text: value }
    else this.#draft.text = value
  }

  // What was pasted may hold characters that no message can.
  #clean() {
    const { value, selectionEnd } = this.input
    const cleaned = clean(value)
    if (cleaned === value) return
    this.input.value = cleaned
    const caret = clean(value.slice(0, selectionEnd)).length
    this.input.setSelectionRange(caret, caret)
  }

  #measure() {
    const most = Number(this.input.dataset.max)
    const text = this.input.value.trim()
    const length = text.length < most * LIMIT_SHOWN_FROM ? 0 : [...text].length
    const isNear = length >= most * LIMIT_SHOWN_FROM
    if (isNear) this.#count.textContent = charactersOf(length, most)
    this.#count.hidden = !isNear
    if (this.#isTooLong !== length > most) this.#setTooLong(length > most)
    this.grow()
  }

  #setTooLong(isTooLong) {
    this.#isTooLong = isTooLong
    this.input.setAttribute("aria-invalid", isTooLong)
    this.#button.setAttribute("aria-disabled", isTooLong)
    const text = gettext("Too long for one message. Nothing is cut: shorten it, or send it in two.")
    if (isTooLong) this.#notice.say("too-long", { kind: "wrong", text })
    else this.#notice.clear("too-long")
  }
}

// While an input method is composing, Enter picks a word. 229: Safari's last Enter of a composition.
export const isComposing = (event) => event.isComposing || event.keyCode === 229

const charactersOf = (length, most) =>
  gettext("{length} of {most} characters", { length: length.toLocaleString(), most: most.toLocaleString() })

const clean = (text) => text.replace(LINE_ENDS, "\n").replace(CONTROL, "").toWellFormed()
