// Older messages: asked for again where that failed; those far above are let go while the reader is at the end.

import { gettext } from "./words.js"

export function install({ timeline, paths, kept, on }) {
  on("tidy", () => {
    const isLoading = timeline.element.querySelector(".older.htmx-request") // it ends where the messages begin now
    if (isLoading || !timeline.keepNewest(kept)) return
    const first = timeline.element.querySelector(".message").id.slice(1)
    timeline.element.prepend(olderThan(first))
  })

  function olderThan(id) {
    const link = document.createElement("a")
    link.className = "older"
    link.href = `${paths.room}?before=${id}`
    link.textContent = gettext("Older messages")
    const attributes = { get: `${paths.room}history/?before=${id}`, trigger: "intersect once root:#chat-log, click", swap: "outerHTML" }
    for (const [name, value] of Object.entries(attributes)) link.setAttribute(`hx-${name}`, value)
    htmx.process(link)
    return link
  }

  document.body.addEventListener("htmx:afterSwap", () => timeline.refresh())
  for (const failure of ["htmx:sendError", "htmx:responseError"])
    document.body.addEventListener(failure, ({ detail }) => {
      const older = detail.elt.cloneNode(true) // its trigger fires once: the copy can be scrolled to again
      setTimeout(() => (detail.elt.replaceWith(older), htmx.process(older)), 2000)
    })
}
