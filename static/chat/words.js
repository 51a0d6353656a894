// What the page says, in its language: sentences, days and times.
//
// The sentences are English where there is no catalogue; one comes before the modules (/jsi18n/) where the page has another
// language. Days are named as by the server (chat/days.py), which learns the time zone here.

const language = document.documentElement.lang
const dialect = language === "en" ? "en-GB" : language // the server's English says 30 November
const own = navigator.languages.find((each) => each.split("-")[0] === language.split("-")[0]) ?? dialect // 9:05 PM or 21:05
const clock = new Intl.DateTimeFormat(own, { hour: "numeric", minute: "2-digit" })
const moment = new Intl.DateTimeFormat(own, { dateStyle: "full", timeStyle: "short" })
const nextTo = new Intl.RelativeTimeFormat(language, { numeric: "auto" })
const DATE = { day: "numeric", month: "long" }

document.cookie = `chat_tz=${Intl.DateTimeFormat().resolvedOptions().timeZone}; path=/; max-age=31536000; samesite=lax`

// A sentence of the catalogue, with the values of `{names}` in it.
export function gettext(sentence, values = {}) {
  return filled(globalThis.django?.gettext(sentence) ?? sentence, values)
}

export function ngettext(one, many, count, values = {}) {
  return filled(globalThis.django?.ngettext(one, many, count) ?? (count === 1 ? one : many), { count, ...values })
}

// What a refusal says: its reason, else its code, in words. English keeps `detail`, which says more (chat/refusals.py).
export function refusal(refused) {
  const words = [refused.reason, refused.code].filter(Boolean)
  const said = words.map((word) => globalThis.django?.pgettext("refusal", word) ?? word)
  const first = said.find((each, place) => each !== words[place])
  return first ? filled(first, { ...refused, seconds: Math.ceil(refused.retry_after ?? 0) }) : refused.detail
}

const filled = (sentence, values) => sentence.replace(/{(\w+)}/g, (mark, name) => values[name] ?? mark)

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
