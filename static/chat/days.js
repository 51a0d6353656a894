// Days and times in the viewer's terms, in the words of the server (chat/days.py), which learns the time zone here.

const language = document.documentElement.lang
const dialect = language === "en" ? "en-GB" : language // the server's English says 30 November
const clock = new Intl.DateTimeFormat(undefined, { hour: "numeric", minute: "2-digit" })
const moment = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "short" })
const nextTo = new Intl.RelativeTimeFormat(language, { numeric: "auto" })
const DATE = { day: "numeric", month: "long" }

document.cookie = `chat_tz=${Intl.DateTimeFormat().resolvedOptions().timeZone}; path=/; max-age=31536000; samesite=lax`

export const time = (at) => clock.format(at)
// Without AM and PM, for the margin.
export const shortTime = (at) => clock.formatToParts(at).filter(({ type }) => type !== "dayPeriod").map(({ value }) => value).join("").trim()
export const full = (at) => moment.format(at)

// A day of the viewer's calendar: 2026-11-30.
export function dateOf(at) {
  return [at.getFullYear(), at.getMonth() + 1, at.getDate()].map((part) => String(part).padStart(2, "0")).join("-")
}

// Today, Yesterday, else with its weekday, and its year unless it is this one.
export function named(date) {
  return relative(date) ?? format(new Date(`${date}T12:00`), { weekday: "long", ...DATE })
}

// When something was said last: a time today, a weekday within a week, else a date.
export function near(at) {
  const days = age(dateOf(at))
  if (days < 1) return time(at)
  return relative(dateOf(at)) ?? (days < 7 ? format(at, { weekday: "long" }, false) : format(at, DATE))
}

const age = (date) => Math.round((Date.parse(dateOf(new Date())) - Date.parse(date)) / 86_400_000)

function relative(date) {
  const days = age(date)
  if (days !== 0 && days !== 1) return null
  const text = nextTo.format(-days, "day")
  return text.charAt(0).toLocaleUpperCase(language) + text.slice(1)
}

function format(at, parts, withYear = at.getFullYear() !== new Date().getFullYear()) {
  return new Intl.DateTimeFormat(dialect, withYear ? { ...parts, year: "numeric" } : parts).format(at).replace(",", "")
}
