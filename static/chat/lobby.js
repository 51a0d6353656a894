// The list of rooms in the viewer's terms. The server wrote it in the time zone that the cookie names, if there was one.

import { age, dateOf, dialect, named, time } from "./timeline.js"

// The autofocus attribute waits for the first painting; who types at once would lose a letter.
document.getElementById("room-name-input").focus()

const weekday = new Intl.DateTimeFormat(dialect(), { weekday: "long" })
const date = new Intl.DateTimeFormat(dialect(), { day: "numeric", month: "long" })
const dateOfYear = new Intl.DateTimeFormat(dialect(), { day: "numeric", month: "long", year: "numeric" })

function near(at) {
  const days = age(dateOf(at))
  if (days < 1) return time(at)
  if (days === 1) return named(dateOf(at))
  if (days < 7) return weekday.format(at)
  return (at.getFullYear() === new Date().getFullYear() ? date : dateOfYear).format(at)
}

for (const each of document.querySelectorAll(".rooms time")) each.textContent = near(new Date(each.dateTime))
