// Without cookies one is a stranger each time: one may read and talk, and change nothing. So nothing is offered that
// could not work.

import { gettext } from "./words.js"

export function install(room) {
  if (navigator.cookieEnabled) return
  room.canChange = false
  const text = gettext("Cookies are blocked here: you can read and write, but not change your name or what you said.")
  room.notice.say("cookies", { kind: "may", text })
  for (const form of document.querySelectorAll("form.name")) form.hidden = true
}
