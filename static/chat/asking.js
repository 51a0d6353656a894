// A form of the server's in a dialog: asked for, filled in, sent, and what came of it said in the line above the field.

import { icon } from "./icon.js"
import { post } from "./post.js"
import { gettext, refusal } from "./words.js"

const SHOWN_FOR = 6_000 // milliseconds

// Resolves to whether it was done. The focus goes to what `back` returns then, if anything, else to the field.
export async function ask(room, address, back = () => null) {
  const dialog = document.createElement("dialog")
  dialog.className = "dialog asking"
  dialog.setAttribute("aria-labelledby", "ask-title")
  if (!(await fill(dialog, address))) {
    room.notice.say("asked", { kind: "wrong", text: notDone() })
    return false
  }
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove()
      const goal = back()
      if (goal) goal.focus()
      else if (!matchMedia("(pointer: coarse)").matches) room.composer.input.focus()
      resolve(dialog.returnValue === "done")
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
      dialog.close("done")
    })
    document.body.append(dialog)
    dialog.showModal()
    dialog.querySelector("#ask-title").focus()
  })
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
  button.setAttribute("aria-label", gettext("Close"))
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
    alert.textContent = notDone()
  }
  button.disabled = false
  return false
}

function done({ notice }, text) {
  notice.say("asked", { kind: "doing", text })
  setTimeout(() => notice.clear("asked"), SHOWN_FOR)
}

const notDone = () => gettext("Not done: no connection. Try again.")
