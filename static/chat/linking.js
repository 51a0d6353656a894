// Links to messages: copied from the toolbar; one that leads to a message of this page shows it without a new page.

import { copy } from "./copying.js"
import { idOf } from "./timeline.js"
import { gettext } from "./words.js"

const SHOWN = 3_000

export function install({ timeline, paths, on, notice }) {
  on("action:link", async ({ message }) => {
    const address = new URL(`${paths.room}?at=${idOf(message)}`, location.href).href
    notice.say("link", { kind: "doing", text: (await copy(address)) ? gettext("Link copied.") : address })
    setTimeout(() => notice.clear("link"), SHOWN)
  })

  timeline.element.addEventListener("click", (event) => {
    const link = event.target.closest("a.quote")
    const message = link && document.getElementById(`m${link.dataset.replyTo}`)
    if (!message || event.ctrlKey || event.metaKey || event.shiftKey) return
    event.preventDefault()
    lookAt(message)
  })
}

// It stands out from now on, in the middle, and has the focus.
export function lookAt(message) {
  for (const other of document.querySelectorAll(".message.at")) other.classList.remove("at")
  message.classList.add("at")
  message.scrollIntoView({ block: "center" })
  message.focus({ preventScroll: true })
}
