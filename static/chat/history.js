// Older and newer messages: asked for again where that failed; those far above are let go while the reader is at the end.

import { idOf } from "./timeline.js"
import { gettext, ngettext } from "./words.js"

const HELD = 500 // messages

export function install({ you, timeline, paths, kept, on }) {
  const log = document.getElementById("chat-log")
  on("tidy", () => {
    const isLoading = timeline.element.querySelector(".older.htmx-request") // it ends where the messages begin now
    if (isLoading || timeline.isDetached || !timeline.keepNewest(kept)) return
    const first = idOf(timeline.element.querySelector(".message"))
    timeline.element.prepend(more("older", "before", first, gettext("Older messages")))
  })

  function more(kind, name, id, text) {
    const link = document.createElement("a")
    link.className = kind
    link.href = `${paths.room}?${name}=${id}`
    link.textContent = text
    const attributes = { get: `${paths.room}history/?${name}=${id}`, trigger: "intersect once root:#chat-log, click", swap: "outerHTML" }
    for (const [name, value] of Object.entries(attributes)) link.setAttribute(`hx-${name}`, value)
    htmx.process(link)
    return link
  }

  // The log is laid out from its end: what comes in below would move the reader along.
  let fromTop = null
  document.body.addEventListener("htmx:beforeSwap", ({ detail }) => {
    fromTop = detail.elt.matches(".newer") ? log.scrollHeight + log.scrollTop : null
  })
  document.body.addEventListener("htmx:afterSwap", () => {
    timeline.refresh()
    if (fromTop === null) return
    if (!timeline.isDetached) attach()
    for (const id of meanwhile) if (document.getElementById(`m${id}`)) meanwhile.delete(id)
    showCount(meanwhile)
    log.scrollTop = fromTop - log.scrollHeight
    fromTop = null
  })

  // The newest came in below: what was said meanwhile has its place now, or is asked for where it was too much.
  function attach() {
    const newest = [...timeline.element.querySelectorAll(".message[id^=m]")].at(-1)
    const last = newest ? idOf(newest) : 0
    if (missed > last) return timeline.element.append(more("newer", "after", last, gettext("Newer messages")))
    for (const event of timeline.held.splice(0)) timeline.place(event)
    document.querySelector(".newest")?.remove()
  }

  let missed = 0 // the highest id of what was too much to hold
  const meanwhile = new Set() // ids of what others said since the page was made, and it does not show yet
  on("message", ({ id, seq, author }) => {
    if (timeline.isDetached && id === seq && author.id !== you.id) showCount(meanwhile.add(id))
    if (timeline.held.length > HELD) missed = timeline.held.shift().id
  })
  on("deleted", ({ id }) => {
    timeline.held = timeline.held.filter((event) => event.id !== id)
    if (meanwhile.delete(id)) showCount(meanwhile)
  })

  for (const failure of ["htmx:sendError", "htmx:responseError"])
    log.addEventListener(failure, ({ detail }) => {
      const older = detail.elt.cloneNode(true) // its trigger fires once: the copy can be scrolled to again
      setTimeout(() => (detail.elt.replaceWith(older), htmx.process(older)), 2000)
    })
}

// On the way to the newest: how many are new there.
function showCount({ size }) {
  const link = document.querySelector(".newest")
  const text = ngettext("Jump to the newest, {count} new", "Jump to the newest, {count} new", size)
  if (link) link.textContent = size ? text : gettext("Jump to the newest")
}
