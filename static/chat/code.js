// Code in a message: a button that copies it, and a place for the keyboard where it is wider than the page.

import { copy } from "./copying.js"
import { gettext } from "./words.js"

const SAID = 2_000

export function install({ dress, timeline }) {
  dress((message) => {
    for (const figure of message.querySelectorAll("figure.code")) {
      const pre = figure.querySelector("pre")
      pre.tabIndex = 0
      pre.role = "region"
      pre.ariaLabel = `${gettext("Code")} ${figure.querySelector("figcaption").firstChild?.textContent ?? ""}`.trim()
      if (!figure.querySelector("button")) figure.querySelector("figcaption").append(button())
    }
  })

  timeline.element.addEventListener("click", async ({ target }) => {
    const pressed = target.closest("figure.code button")
    if (!pressed) return
    const isDone = await copy(pressed.closest("figure").querySelector("code").textContent)
    pressed.lastChild.textContent = isDone ? gettext("Copied") : gettext("Not allowed")
    setTimeout(() => (pressed.lastChild.textContent = ""), SAID)
  })
}

function button() {
  const element = document.createElement("button")
  element.className = "slim quiet"
  element.type = "button"
  element.ariaLabel = element.title = gettext("Copy the code")
  const icon = document.createElementNS("http://www.w3.org/2000/svg", "svg")
  icon.setAttribute("class", "icon little")
  icon.setAttribute("aria-hidden", "true")
  icon.append(document.createElementNS("http://www.w3.org/2000/svg", "use"))
  icon.firstChild.setAttribute("href", "#copy")
  const words = document.createElement("span")
  words.role = "status"
  element.append(icon, words)
  return element
}
