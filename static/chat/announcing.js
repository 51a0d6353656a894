// For who listens: live messages are read out with their author, at most a few at a time. History is not. The words
// stand in a tree of their own, so that they are not found in the page or copied a second time.

import { lineOfHtml } from "./line.js"
import { gettext, ngettext } from "./words.js"

const EVERY = 1_000 // milliseconds
const AT_ONCE = 3
const LONGEST = 300 // characters

export function install({ you, on }) {
  const region = document.createElement("div")
  region.ariaLive = "polite"
  document.querySelector(".announcer").attachShadow({ mode: "closed" }).append(region)
  let waiting = []
  let timer = 0

  on("message", ({ id, seq, author, html }) => {
    if (id !== seq || author.id === you.id) return
    waiting.push({ author, html })
    timer ||= setTimeout(announce, waiting.length > 1 ? EVERY : 0)
  })

  function announce() {
    const more = waiting.length - AT_ONCE
    const lines = waiting.slice(-AT_ONCE).map(spoken)
    if (more > 0) lines.unshift(ngettext("{count} more message.", "{count} more messages.", more))
    waiting = []
    region.replaceChildren(...lines.map(paragraph))
    timer = setTimeout(() => {
      timer = 0
      if (waiting.length) announce()
    }, EVERY)
  }
}

// With what its author is, since a guest may have any name.
function spoken({ author: { id, name }, html }) {
  const said = { name, text: lineOfHtml(html).slice(0, LONGEST) }
  return id.startsWith("user-") ? gettext("{name}, account: {text}", said) : gettext("{name}, guest: {text}", said)
}

function paragraph(text) {
  const element = document.createElement("p")
  element.textContent = text
  return element
}
