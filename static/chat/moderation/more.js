// What else one may do with a message: report it; the staff also mute, ban and delete. Each row of the menu names the
// form that it asks for, which is shown in a dialog, or what it emits.

import { dressed } from "../dressed.js"
import { FloatingMenu } from "../floating.js"
import { idOf } from "../timeline.js"

const MARGIN = 8 // pixels between the menu and the message's edge

export function install(room) {
  const template = document.getElementById("more")
  const menu = new FloatingMenu(template.content.firstElementChild)
  let message = null
  let wasByKeyboard = false

  room.on("action:more", async (event) => {
    message = event.message
    wasByKeyboard = event.byKeyboard
    await dressed(template)
    for (const row of rowsOf(menu)) row.hidden = !isFor(row, message)
    message.classList.add("chosen")
    menu.open(under(message), { atEnd: true, closed })
  })

  function closed() {
    message.classList.remove("chosen")
    if (wasByKeyboard && document.activeElement === document.body) message.focus()
  }

  menu.element.addEventListener("click", ({ target }) => {
    const about = message
    menu.close()
    act(room, about, target.closest("button")?.dataset ?? {}, wasByKeyboard)
  })

  // The same rows in the sheet that a long press opens, which has a Delete for one's own messages.
  room.on("pressed", ({ message: about, rows }) => {
    const isMine = about.matches(".mine")
    for (const row of rowsOf(menu)) {
      if (!isFor(row, about) || (isMine && row.dataset.emit)) continue
      const copy = row.cloneNode(true)
      copy.hidden = false
      copy.removeAttribute("role")
      copy.addEventListener("click", () => act(room, about, row.dataset, false))
      rows.append(copy)
    }
    dressed(template) // of the dialog, too
  })
}

async function act(room, message, { ask, emit }, byKeyboard) {
  if (emit) room.emit({ type: emit, message, byKeyboard })
  const back = () => (byKeyboard && message.isConnected ? message : null)
  if (ask) (await import("../asking.js")).ask(room, addressOf(room, message, ask), back)
}

// That of a report names a message, those of the staff take what they are about.
function addressOf({ room, paths }, message, ask) {
  if (ask.includes("/report/")) return `${paths.room}report/${idOf(message)}/`
  const name = message.querySelector(".author").textContent
  return `${ask}?${new URLSearchParams({ room, whom: message.dataset.author, name })}`
}

const rowsOf = ({ element }) => [...element.querySelectorAll("[role=menuitem]")]

// Some rows are about somebody else, some about an account.
function isFor(row, message) {
  const isOther = !message.matches(".mine")
  const isAccount = message.dataset.author.startsWith("user-")
  return (isOther || !row.matches("[data-other]")) && (isAccount || !row.matches("[data-account]"))
}

// At the end of its first line, where its toolbar was.
function under(message) {
  const { left, right, top } = message.getBoundingClientRect()
  return { left: left + MARGIN, right: right - MARGIN, top, bottom: top + MARGIN }
}
