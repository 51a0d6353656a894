// The form for one's own name: saved without leaving the page, and kept up to date with one's other tabs. A guest who has
// chosen none is told above the field what they are called, until they speak; there the form takes the place of the line.

import { post } from "../post.js"
import { gettext, refusal } from "../words.js"

export function install(room) {
  const form = document.querySelector("form.name")
  if (!form) return // an account's name is changed on its own page
  const field = document.getElementById("name")
  const status = form.querySelector(".status")
  room.on("hello", () => {
    if (document.activeElement !== field) field.value = room.you.name
  })
  form.addEventListener("submit", async (event) => {
    event.preventDefault()
    try {
      const answer = await post(form.action, new FormData(form))
      const body = await answer.json()
      if (answer.ok) room.emit({ type: "hello", you: Object.assign(room.you, body.you) })
      status.textContent = answer.ok ? gettext("Saved.") : refusal(body)
      if (answer.ok) close({ moves: true })
    } catch {
      status.textContent = gettext("Not saved: no connection. Try again.")
    }
  })

  const menu = form.parentElement
  const line = document.querySelector(".notice")
  const close = ({ moves }) => {
    if (form.parentElement === menu) return
    menu.prepend(form)
    if (moves) room.composer.input.focus()
  }
  form.addEventListener("keydown", ({ key }) => key === "Escape" && close({ moves: true }))
  document.addEventListener("pointerdown", ({ target }) => form.contains(target) || close({ moves: false }))

  function offer() {
    const { id, name } = room.you
    if (room.canChange === false || name !== unchosen(id)) return room.notice.clear("name")
    room.notice.say("name", {
      kind: "hint",
      text: gettext("You are writing as {name}.", { name }),
      action: gettext("Choose a name"),
      run() {
        line.after(form)
        field.select()
      },
    })
  }
  offer()
  room.on("hello", offer)
  room.on("ack", () => room.notice.clear("name"))
}

const unchosen = (id) => `Anonymous-${id.split("-").at(-1).slice(0, 4)}` // as accounts/guests.py has it
