// The form for one's own name: saved without leaving the page, and kept up to date with one's other tabs.

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
    } catch {
      status.textContent = gettext("Not saved: no connection. Try again.")
    }
  })
}
