// Code in a message has a button that copies it. What is wider than the page, code or a table, is a place for the
// keyboard, from which it scrolls.

import { copy } from "./copying.js"
import { icon } from "./icon.js"
import { gettext } from "./words.js"

const SAID = 2_000

export function install({ dress, timeline }) {
  const sizes = new ResizeObserver((changes) => changes.forEach(({ target }) => markWide(target)))

  dress((message) => {
    for (const caption of message.querySelectorAll("figure.code > figcaption:not(:has(button))")) caption.append(button())
    for (const each of message.querySelectorAll("figure.code > pre, .text:has(table)")) sizes.observe(each)
  })

  timeline.element.addEventListener("click", async ({ target }) => {
    const pressed = target.closest("figure.code button")
    if (!pressed) return
    const isDone = await copy(pressed.closest("figure").querySelector("code").textContent)
    pressed.lastChild.textContent = isDone ? gettext("Copied") : gettext("Not allowed")
    setTimeout(() => (pressed.lastChild.textContent = ""), SAID)
  })
}

// Called after a layout, so that looking costs none.
function markWide(element) {
  const isWide = element.scrollWidth > element.clientWidth
  element.role = isWide ? "region" : null
  element.ariaLabel = isWide ? nameOf(element) : null
  if (isWide) element.tabIndex = 0
  else element.removeAttribute("tabindex")
}

function nameOf(element) {
  const language = element.parentElement.querySelector(":scope > figcaption")?.firstChild?.textContent ?? ""
  return element.matches("pre") ? `${gettext("Code")} ${language}`.trim() : gettext("Table")
}

function button() {
  const element = document.createElement("button")
  element.className = "slim quiet"
  element.type = "button"
  element.ariaLabel = element.title = gettext("Copy the code")
  const words = document.createElement("span")
  words.role = "status"
  element.append(icon("copy", "icon little"), words)
  return element
}
