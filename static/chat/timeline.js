// The messages on the page: puts each in its place, groups those of one author, draws a line between days.
// The markup is the server's (templates/chat/_message.html); what is said in the viewer's terms is added here.

const GROUP_MS = 5 * 60 * 1000
const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" })
const full = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "short" })
const dayName = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long", year: "numeric" })

export class Timeline {
  #blank
  #you
  #changed = new Map() // html by id, null if deleted: a page of history on its way may still hold the old state

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
    const time = message.querySelector("time")
    const at = new Date(time.dateTime)
    time.textContent = clock.format(at)
    time.title = full.format(at)
    this.#markOne(message)
  }

  #markOne(message) {
    const mine = message.dataset.author === this.#you.id
    message.classList.toggle("mine", mine)
    if (mine && idOf(message)) message.tabIndex = 0 // reached by keyboard, for the toolbar on it
  }

  #arrange(message) {
    if (!message) return
    const previous = previousMessage(message)
    const at = timeOf(message)
    const newDay = !previous || at.toDateString() !== timeOf(previous).toDateString()
    const sameAuthor = previous?.dataset.author === message.dataset.author && authorOf(previous) === authorOf(message)
    message.classList.toggle("continues", !newDay && sameAuthor && at - timeOf(previous) < GROUP_MS)
    dayOf(message)?.remove()
    if (newDay) {
      const rule = document.createElement("h2")
      rule.className = "day"
      rule.textContent = dayName.format(at)
      message.before(rule)
    }
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
