// A form of the server's in a dialog: asked for, filled in, sent, and what came of it said in the line above the field.

import { icon } from "../icon.js"
import { post } from "../post.js"
import { idOf } from "../timeline.js"
import { refusal } from "../words.js"
import { close, notDone } from "./strings.js"

const SHOWN_FOR = 6_000 // milliseconds

// `ask` is the form's address; that of a report names a message, those of the staff take what they are about.
export async function open(room, message, ask, byKeyboard) {
  const dialog = document.createElement("dialog")
  dialog.className = "dialog asking"
  dialog.setAttribute("aria-labelledby", "ask-title")
  if (!(await fill(dialog, addressOf(room, message, ask)))) return room.notice.say("asked", { kind: "wrong", text: notDone })
  dialog.addEventListener("close", () => {
    dialog.remove()
    if (byKeyboard && message.isConnected) message.focus()
    else if (!matchMedia("(pointer: coarse)").matches) room.composer.input.focus()
  })
  dialog.addEventListener("click", (event) => {
    if (event.target !== dialog && !event.target.closest("[data-cancel]")) return
    event.preventDefault() // the link leads to the room where there is no dialog
    dialog.close()
  })
  dialog.addEventListener("submit", async (event) => {
    event.preventDefault()
    if (!(await send(event.target))) return
    done(room, event.target.dataset.done)
    dialog.close()
  })
  document.body.append(dialog)
  dialog.showModal()
  dialog.querySelector("h1").focus()
}

function addressOf({ room, paths }, message, ask) {
  if (ask.includes("/report/")) return `${paths.room}report/${idOf(message)}/`
  const name = message.querySelector(".author").textContent
  return `${ask}?${new URLSearchParams({ room, whom: message.dataset.author, name })}`
}

async function fill(dialog, address) {
  try {
    const response = await fetch(address, { headers: { "HX-Request": "true" } })
    if (!response.ok) return false
    const frame = document.createElement("div")
    frame.innerHTML = await response.text()
    dialog.append(closer(), frame.firstElementChild)
    return true
  } catch {
    return false
  }
}

function closer() {
  const button = document.createElement("button")
  button.type = "button"
  button.className = "tool closer"
  button.setAttribute("aria-label", close)
  button.dataset.cancel = ""
  button.append(icon("x"))
  return button
}

// True if it was done; else the form says why not.
async function send(form) {
  const alert = form.querySelector("[role=alert]")
  const button = form.querySelector(".button")
  button.disabled = true
  try {
    const response = await post(form.action, new FormData(form))
    if (response.ok) return true
    alert.textContent = refusal(await response.json())
  } catch {
    alert.textContent = notDone
  }
  button.disabled = false
  return false
}

function done({ notice }, text) {
  notice.say("asked", { kind: "doing", text })
  setTimeout(() => notice.clear("asked"), SHOWN_FOR)
}
