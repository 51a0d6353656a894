// What one can do in the field, as a dialog: commands, formatting, keys.

import { gettext } from "../words.js"

const FORMATS = {
  "**bold**": "Ctrl B",
  "*italic*": "Ctrl I",
  "`code`": "Ctrl E",
  "~~gone~~": gettext("struck out"),
  "- item": gettext("a list"),
  "> words": gettext("a quotation"),
  "```py": gettext("a block of code, until ```"),
  ":smile": gettext("an emoji by its name"),
  "Ctrl F": gettext("search this room; once more, or after Escape: the browser’s own"),
}

export function help(commands) {
  const dialog = document.createElement("dialog")
  dialog.className = "dialog help"
  const title = document.createElement("h2")
  title.className = "heading"
  title.tabIndex = -1
  title.textContent = gettext("What you can write")
  dialog.ariaLabel = title.textContent
  const named = Object.fromEntries(Object.entries(commands).map(([name, detail]) => [`/${name}`, detail]))
  const close = document.createElement("button")
  close.className = "button"
  close.textContent = gettext("Close")
  close.addEventListener("click", () => dialog.close())
  dialog.append(title, listed(FORMATS), listed(named), close)
  dialog.addEventListener("close", () => dialog.remove())
  document.body.append(dialog)
  dialog.showModal()
  title.focus()
}

function listed(entries) {
  const list = document.createElement("dl")
  for (const [sign, meaning] of Object.entries(entries)) {
    const [term, detail] = [document.createElement("dt"), document.createElement("dd")]
    term.append(document.createElement("code"))
    term.firstChild.textContent = sign
    detail.textContent = meaning
    list.append(term, detail)
  }
  return list
}
