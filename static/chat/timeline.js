// The messages on the page: puts each in its place, groups those of one author, draws a line between days.
// The server does the same for what it sends (chat/days.py), in the time zone that the cookie names.

const GROUP_MS = 5 * 60 * 1000
const QUIET_MS = 1000 // until a screen reader has passed over what came in unannounced
const language = document.documentElement.lang
const clock = new Intl.DateTimeFormat(undefined, { hour: "numeric", minute: "2-digit" })
const full = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "short" })
const dayName = new Intl.DateTimeFormat(dialect(), { weekday: "long", day: "numeric", month: "long" })
const dayOfYear = new Intl.DateTimeFormat(dialect(), { weekday: "long", day: "numeric", month: "long", year: "numeric" })
const nextTo = new Intl.RelativeTimeFormat(language, { numeric: "auto" })

document.cookie = `chat_tz=${Intl.DateTimeFormat().resolvedOptions().timeZone}; path=/; max-age=31536000; samesite=lax`

export class Timeline {
  #blank
  #you
  #changed = new Map() // html by id, null if deleted: a page of history on its way may still hold the old state
  #quiet = 0

  constructor(element, blank, you) {
    this.element = element
    this.#blank = blank
    this.#you = you
    document.body.addEventListener("htmx:beforeSwap", () => this.#unannounced())
  }

  place(event) {
    if (event.id !== event.seq) this.#changed.set(event.id, event.html)
    this.element.querySelector(".empty")?.remove()
    document.getElementById(`p${event.client_id}`)?.remove()
    const message = parse(event.html)
    const old = document.getElementById(`m${event.id}`)
    if (old) old.replaceWith(message)
    else if (this.element.querySelector(".newer")) return // a page of the past: what is new has no place here
    else if (event.id === event.seq || this.#isWithinPage(event.id)) this.#insert(message, event.id)
    else return // an edit of one that is further up than what was loaded
    htmx.process(message)
    this.#dress(message)
    this.#arrange(message)
    this.#arrange(nextMessage(message))
  }

  pending({ client_id, message: text, at }) {
    this.element.querySelector(".empty")?.remove()
    document.getElementById(`p${client_id}`)?.remove()
    const message = this.#blank.content.querySelector(".message").cloneNode(true)
    message.id = `p${client_id}`
    message.dataset.author = this.#you.id
    message.classList.add("pending")
    message.querySelector(".disc").className = document.querySelector(".own").className.replace(/\b(own|mid|low)\b/g, "")
    message.querySelector(".disc").textContent = initial(this.#you.name)
    message.querySelector(".author").textContent = this.#you.name
    message.querySelector(".text").textContent = text
    message.querySelector("time").dateTime = new Date(at).toISOString()
    this.element.append(message)
    this.#dress(message)
    this.#arrange(message)
  }

  failed({ client_id }, detail) {
    const message = document.getElementById(`p${client_id}`)
    if (!message) return
    message.classList.replace("pending", "failed")
    message.querySelector(".failure")?.remove()
    const note = document.createElement("p")
    note.className = "failure"
    note.append(`Not sent: ${detail} `, button("Try again", "retry", client_id), " ", button("Discard", "discard", client_id))
    message.append(note)
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

  // History is no news: while it comes in, the log announces nothing.
  #unannounced() {
    const log = this.element.parentElement
    log.setAttribute("aria-live", "off")
    clearTimeout(this.#quiet)
    this.#quiet = setTimeout(() => log.removeAttribute("aria-live"), QUIET_MS)
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
    const time = message.querySelector("time")
    const at = new Date(time.dateTime)
    show(time, clock.format(at))
    time.title ||= full.format(at)
    this.#markOne(message)
  }

  #markOne(message) {
    const mine = message.dataset.author === this.#you.id
    message.classList.toggle("mine", mine)
    if (mine && idOf(message)) message.tabIndex = 0 // reached by keyboard, for the toolbar on it
  }

  // What is right already, as the server made it, is left as it is: nothing on the page moves.
  #arrange(message) {
    if (!message) return
    const previous = previousMessage(message)
    const at = timeOf(message)
    const day = dateOf(at)
    const isNewDay = !previous || day !== dateOf(timeOf(previous))
    const sameAuthor = previous?.dataset.author === message.dataset.author && authorOf(previous) === authorOf(message)
    message.classList.toggle("continues", !isNewDay && sameAuthor && at - timeOf(previous) < GROUP_MS)
    let rule = dayOf(message)
    if (!isNewDay) return rule?.remove()
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
const authorOf = (message) => message.querySelector(".author").textContent

function sibling(message, direction) {
  let other = message[direction]
  while (other && !other.matches(".message")) other = other[direction]
  return other
}
const previousMessage = (message) => sibling(message, "previousElementSibling")
const nextMessage = (message) => sibling(message, "nextElementSibling")
const dayOf = (message) => (message.previousElementSibling?.matches(".day") ? message.previousElementSibling : null)

// A day of the viewer's calendar, as the server writes it: 2026-11-30.
export function dateOf(at) {
  return [at.getFullYear(), at.getMonth() + 1, at.getDate()].map((part) => String(part).padStart(2, "0")).join("-")
}

// How many days ago that was.
export const age = (date) => Math.round((Date.parse(dateOf(new Date())) - Date.parse(date)) / 86_400_000)

// As chat/days.py names it.
export function named(date) {
  const days = age(date)
  const at = new Date(`${date}T12:00`)
  if (days === 0 || days === 1) return capital(nextTo.format(-days, "day"))
  return (at.getFullYear() === new Date().getFullYear() ? dayName : dayOfYear).format(at)
}

export const time = (at) => clock.format(at)
const capital = (text) => text.charAt(0).toLocaleUpperCase(language) + text.slice(1)

// The server's English says 30 November.
export function dialect() {
  return language === "en" ? "en-GB" : language
}

// As accounts/display_names.py has it.
function initial(name) {
  const letter = name.match(/[\p{L}\p{N}]\p{M}*/u)?.[0] ?? [...name][0] ?? ""
  return letter.toUpperCase().length === letter.length ? letter.toUpperCase() : letter
}

function show(element, text) {
  if (element.textContent !== text) element.textContent = text
}

function parse(html) {
  const template = document.createElement("template")
  template.innerHTML = html
  return template.content.querySelector(".message")
}

function button(label, action, client_id) {
  const element = document.createElement("button")
  element.type = "button"
  element.textContent = label
  element.dataset[action] = client_id
  return element
}
