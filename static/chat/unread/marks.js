// What is unread in a room, beside its name in a list: bold, with a number; a pill where it is meant for me.

import { gettext } from "../words.js"

const MOST = 99

export function mark(row, unread, mentions) {
  row.classList.toggle("fresh", unread > 0)
  let count = row.querySelector(".count")
  if (!unread) return count?.remove()
  if (!count) row.append((count = document.createElement("span")))
  count.className = mentions ? "count mine" : "count"
  const text = unread > MOST ? `${MOST}+` : String(unread)
  if (count.firstChild?.textContent === text) return
  const words = document.createElement("span")
  words.className = "visually-hidden"
  words.textContent = ` ${gettext("unread")}`
  count.replaceChildren(text, words)
}
