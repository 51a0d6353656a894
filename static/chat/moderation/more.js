// What else one may do with a message: report it; the staff also mute, ban and delete. Each row of the menu names the
// form that it asks for, which is shown in a dialog.

import { dressed } from "../dressed.js"

const MARGIN = 8 // pixels that the menu keeps from the window's edge

export function install(room) {
  const template = document.getElementById("more")
  const menu = template.content.firstElementChild
  let message = null
  let wasByKeyboard = false

  room.on("action:more", async (event) => {
    message = event.message
    wasByKeyboard = event.byKeyboard
    await dressed(template)
    const isMine = message.matches(".mine")
    for (const row of menu.querySelectorAll("[data-other]")) row.hidden = isMine
    document.querySelector(".foot").append(menu)
    message.classList.add("chosen")
    menu.showPopover()
    place(menu, message)
    rowsOf(menu)[0].focus()
  })

  menu.addEventListener("toggle", ({ newState }) => {
    if (newState !== "closed") return
    message.classList.remove("chosen")
    menu.remove()
    if (wasByKeyboard && document.activeElement === document.body) message.focus()
  })

  menu.addEventListener("keydown", (event) => {
    const rows = rowsOf(menu)
    const at = rows.indexOf(document.activeElement)
    const goal = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key]
    if (event.key === "Tab") menu.hidePopover()
    if (goal === undefined) return
    event.preventDefault()
    rows.at(goal % rows.length).focus()
  })

  menu.addEventListener("click", ({ target }) => {
    const about = message
    menu.hidePopover()
    act(room, about, target.closest("button")?.dataset ?? {}, wasByKeyboard)
  })

  // The same rows in the sheet that a long press opens, which has a Delete for one's own messages.
  room.on("pressed", ({ message: about, rows }) => {
    const isMine = about.matches(".mine")
    for (const row of rowsOf(menu, "[role=menuitem]")) {
      if (isMine && row.matches("[data-other], [data-emit]")) continue
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
  if (ask) (await import("./dialog.js")).open(room, message, ask, byKeyboard)
}

const rowsOf = (menu, which = "[role=menuitem]:not([hidden])") => [...menu.querySelectorAll(which)]

// Under the message's toolbar, or where there is no room for that, above it; within the window.
function place(menu, message) {
  const frame = message.getBoundingClientRect()
  const { offsetWidth: width, offsetHeight: height } = menu
  const isReversed = getComputedStyle(message).direction === "rtl"
  const left = isReversed ? frame.left + MARGIN : frame.right - MARGIN - width
  const below = frame.top + MARGIN
  const top = below + height + MARGIN > innerHeight ? frame.top - height : below
  menu.style.left = `${within(left, innerWidth - width)}px`
  menu.style.top = `${within(top, innerHeight - height)}px`
}

const within = (at, most) => Math.max(MARGIN, Math.min(at, most - MARGIN))
