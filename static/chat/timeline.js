// The messages on the page: puts each in its place, groups those of one author, draws a line between days. The server
// does the same with those that it sends (chat/days.py): what is right already is left as it is, and nothing moves.

import { dateOf, full, gettext, named, refusal, shortTime, time as clock } from "./words.js"

const GROUP_MS = 5 * 60 * 1000
const EMOJI = /^(?=.*\p{Extended_Pictographic})[\p{Extended_Pictographic}\p{Regional_Indicator}\p{Emoji_Modifier}\u200d\ufe0f\s]{1,40}$/u

// Of a refused message: the words have to change, and sending it again cannot help.
const HOPELESS = new Set(["bad_frame", "too_long", "empty", "conflict"])

export class Timeline {
  held = [] // events of messages that have no place yet, while the page shows a part of the past
  #blank
  #you
  #sources = new WeakMap() // the text of a message, which a browser may translate on the page
  #changed = new Map() // html by id, null if deleted: a page of history on its way may still hold the old state
  #dressers = [] // of features: what each adds to a message

  constructor(element, blank, you) {
    this.element = element
    this.#blank = blank
    this.#you = you
  }

  place(event) {
    if (event.id !== event.seq) this.#changed.set(event.id, event.html)
    this.element.querySelector(".empty")?.remove()
    document.getElementById(`p${event.client_id}`)?.remove()
    const message = parse(event.html)
    this.#sources.set(message, event.text)
    const old = document.getElementById(`m${event.id}`)
    if (old) old.replaceWith(message)
    else if (this.isDetached) return this.held.push(event)
    else if (event.id === event.seq || this.#isWithinPage(event.id)) this.#insert(message, event.id)
    else return // an edit of one that is further up than what was loaded
    this.#dress(message)
    this.#arrange(message)
    this.#arrange(nextMessage(message))
  }

  // `dresser(message)` is called for each message, now and when one comes or changes.
  dress(dresser) {
    this.#dressers.push(dresser)
    for (const message of this.element.querySelectorAll(".message")) dresser(message)
  }

  // Out of sight until it is deleted, or back.
  hide(message, isHidden) {
    message.hidden = isHidden
    this.#arrange(message)
    this.#arrange(nextMessage(message))
  }

  // What was typed; undefined where the page was sent only what was made of it.
  source = (message) => this.#sources.get(message)

  // Whether messages are missing between the last of the page and the newest.
  get isDetached() {
    return Boolean(this.element.querySelector(".newer"))
  }

  // Only about so many, the newest; what was taken away is asked for again like all that is older.
  keepNewest(most) {
    const messages = this.element.querySelectorAll(".message")
    if (messages.length < most * 1.1) return false
    const first = messages[messages.length - most]
    while (this.element.firstChild !== first) this.element.firstChild.remove()
    this.#arrange(first)
    return true
  }

  pending({ client_id, message: text, at, fields }) {
    this.element.querySelector(".empty")?.remove()
    document.getElementById(`p${client_id}`)?.remove()
    const message = this.#blank.content.querySelector(".message").cloneNode(true)
    message.id = `p${client_id}`
    Object.assign(message.dataset, { ...fields, author: this.#you.id })
    message.classList.add("pending")
    const disc = message.querySelector(".disc")
    disc.className = ownDisc().className.replace("low own ", "") // the composer's is smaller
    disc.textContent = initial(this.#you.name)
    message.querySelector(".author").textContent = this.#you.name
    const shown = textOf(message)
    shown.textContent = text
    shown.toggleAttribute("data-big", EMOJI.test(text))
    message.querySelector("time").dateTime = new Date(at).toISOString()
    this.element.append(message)
    this.#dress(message)
    this.#arrange(message)
  }

  has({ client_id }) {
    return Boolean(document.getElementById(`p${client_id}`))
  }

  // It takes long enough to say so.
  slow({ client_id }) {
    const message = document.getElementById(`p${client_id}`)
    if (message?.matches(".pending:not(:has(.state))")) message.append(stateOf("quiet"))
  }

  failed({ client_id }, failure) {
    const message = document.getElementById(`p${client_id}`)
    if (!message) return
    message.classList.replace("pending", "failed")
    message.querySelector(".state")?.remove()
    const [label, action] = HOPELESS.has(failure.code) ? [gettext("Put back into the field"), "back"] : [gettext("Try again"), "retry"]
    const again = button(label, action, client_id)
    const state = stateOf("wrong", gettext("Not sent: {why}", { why: refusal(failure) }), again, button(gettext("Discard"), "discard", client_id))
    state.role = "alert"
    message.append(state)
  }

  deleted(id) {
    this.#changed.set(id, null)
    this.remove(id)
  }

  remove(id) {
    const message = document.getElementById(`m${id}`) ?? document.getElementById(`p${id}`)
    const next = message && nextMessage(message)
    if (message) dayOf(message)?.remove()
    message?.remove()
    this.#arrange(next)
  }

  // All of it again: at the start, and when older messages came in above.
  refresh() {
    for (const [id, html] of this.#changed) {
      if (html === null) this.remove(id)
      else document.getElementById(`m${id}`)?.replaceWith(parse(html))
    }
    for (const message of this.element.querySelectorAll(".message")) {
      this.#dress(message)
      this.#arrange(message)
    }
  }

  markMine() {
    for (const disc of document.querySelectorAll(".disc.own")) disc.textContent = initial(this.#you.name)
    for (const message of this.element.querySelectorAll(".message")) this.#markOne(message)
  }

  // A replay may bring messages out of the order in which they were said: an edited one comes with its edit.
  #insert(message, id) {
    let before = this.element.querySelector(".message[id^=p]")
    let last = before ? previousMessage(before) : this.element.querySelector(".message:last-of-type")
    while (last && idOf(last) > id) {
      before = last
      last = previousMessage(last)
    }
    this.element.insertBefore(message, before && dayOf(before) ? dayOf(before) : before)
  }

  #isWithinPage(id) {
    const first = this.element.querySelector(".message")
    return !this.element.querySelector(".older") || (first && idOf(first) < id)
  }

  #dress(message) {
    message.querySelector("time").title ||= full(timeOf(message))
    this.#markOne(message)
    for (const dresser of this.#dressers) dresser(message)
  }

  #markOne(message) {
    message.classList.toggle("mine", message.dataset.author === this.#you.id)
  }

  #arrange(message) {
    if (!message) return
    if (message.hidden) return this.#rule(message, null)
    const previous = previousMessage(message)
    const at = timeOf(message)
    const day = dateOf(at)
    const isStored = !message.id.startsWith("p") // until then its time is of a clock that may be wrong
    const newDay = isStored && (!previous || day !== dateOf(timeOf(previous)))
    const sameAuthor = previous?.dataset.author === message.dataset.author && authorOf(previous) === authorOf(message)
    const isSoon = () => !isStored || at - timeOf(previous) < GROUP_MS
    const continues = Boolean(sameAuthor) && !newDay && isSoon()
    message.classList.toggle("continues", continues)
    show(message.querySelector("time"), continues ? shortTime(at) : clock(at))
    this.#rule(message, newDay ? day : null)
  }

  // The line above the first message of a day.
  #rule(message, day) {
    let rule = dayOf(message)
    if (!day) return rule?.remove()
    if (rule?.dataset.date === day) return
    if (!rule) message.before((rule = document.createElement("h2")))
    rule.className = "rule day"
    rule.dataset.date = day
    for (const each of this.element.querySelectorAll(".day")) show(each, named(each.dataset.date)) // Today was yesterday
  }
}

// The number of a stored message; NaN for one that is not stored yet.
export const idOf = (message) => (message.id.startsWith("m") ? Number(message.id.slice(1) || NaN) : NaN)
const timeOf = (message) => new Date(message.querySelector("time").dateTime)
const textOf = (message) => message.querySelector(".text")
const authorOf = (message) => message.querySelector(".author").textContent

function sibling(message, direction) {
  let other = message[direction]
  while (other && !other.matches(".message:not([hidden])")) other = other[direction]
  return other
}
export const previousMessage = (message) => sibling(message, "previousElementSibling")
export const nextMessage = (message) => sibling(message, "nextElementSibling")
const dayOf = (message) => (message.previousElementSibling?.matches(".day") ? message.previousElementSibling : null)

const ownDisc = () => document.querySelector(".composer .own")

function show(element, text) {
  if (element.textContent !== text) element.textContent = text
}

// As accounts/display_names.py has it.
export function initial(name) {
  const letter = name.match(/[\p{L}\p{N}]\p{M}*/u)?.[0] ?? [...name][0] ?? ""
  return letter.toUpperCase().length === letter.length ? letter.toUpperCase() : letter
}

function parse(html) {
  const template = document.createElement("template")
  template.innerHTML = html
  return template.content.querySelector(".message")
}

// What became of a message that is not stored yet. Without words: it is being sent, or waits for the connection.
function stateOf(kind, text = "", ...buttons) {
  const state = document.createElement(buttons.length ? "div" : "p")
  state.className = `state ${kind}`
  const words = document.createElement("span")
  words.textContent = text
  state.append(words, ...buttons)
  return state
}

function button(label, action, client_id) {
  const element = document.createElement("button")
  element.type = "button"
  element.textContent = label
  element.dataset[action] = client_id
  return element
}
