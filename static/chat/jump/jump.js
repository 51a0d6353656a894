// The list of rooms filtered while one types, and Ctrl-K: a dialog that leads to any room or person.

import { isComposing } from "../composer.js"
import { folded, open } from "./places.js"

const onMac = /^Mac|^iP/.test(navigator.platform)

export function install(room) {
  const field = document.querySelector(".filter")
  const input = field.querySelector("input")
  const lists = document.querySelector("#sidebar .lists")
  if (onMac) field.querySelector("kbd").textContent = "⌘ K"

  const shown = () => [...lists.querySelectorAll("li:not([hidden]) > .row")]

  function filter() {
    const part = folded(input.value.trim())
    for (const row of lists.querySelectorAll(".row"))
      row.parentElement.hidden = !folded(row.querySelector("bdi").textContent).includes(part)
    for (const list of lists.querySelectorAll("ul")) {
      const isEmpty = part && !list.querySelector("li:not([hidden])")
      const heading = list.previousElementSibling
      if (heading?.matches("h2")) heading.hidden = isEmpty
    }
  }

  input.addEventListener("input", filter)
  room.on("listed", () => input.value && filter())

  input.addEventListener("keydown", (event) => {
    if (isComposing(event)) return
    const act = {
      ArrowDown: () => shown()[0]?.focus(),
      Enter: () => (shown().length ? shown()[0].click() : open(room, input.value)),
      Escape: () => (input.value ? clear() : room.composer.input.focus()),
    }[event.key]
    if (!act) return
    event.preventDefault()
    event.stopPropagation() // Escape closes the drawer otherwise
    act()
  })

  function clear() {
    input.value = ""
    filter()
  }

  document.addEventListener("keydown", (event) => {
    const isMeant = (onMac ? event.metaKey && !event.ctrlKey : event.ctrlKey && !event.metaKey) && !event.altKey && !event.shiftKey
    if (!isMeant || event.key.toLowerCase() !== "k" || document.querySelector("dialog[open]")) return
    event.preventDefault()
    open(room, "") // at once: what is typed next is meant for it
  })
}
