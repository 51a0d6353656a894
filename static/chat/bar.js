// The bar under the header, while the room has no line to the server: since when, the seconds to the next attempt, and a
// button that makes it now. A short break shows nothing, so that nothing moves.

import { gettext, refusal, time } from "./words.js"

const SHOWN_AFTER = 1_000
const SECOND = 1_000

export function install({ composer, connection, on }) {
  const bar = document.querySelector(".bar")
  const text = bar.querySelector(".connection") // a status: it is read out when it changes
  const countdown = bar.querySelector("[role=timer]") // is not read out
  const button = bar.querySelector("button")
  let line = {} // the last that was heard of it
  let lost = 0 // when
  let wasOpen = false
  let clock = 0

  on("line", (event) => {
    line = event
    wasOpen ||= line.state === "open"
    if (line.state === "open" || line.state === "refused") lost = 0
    else if (line.state !== "connecting") lost ||= Date.now()
    look()
  })
  button.addEventListener("click", () => connection.open())

  function look() {
    clearTimeout(clock)
    const early = navigator.onLine ? lost + SHOWN_AFTER - Date.now() : 0
    const isShown = lost > 0 && early <= 0
    show(line.state === "refused" ? refusal(line.refused) : isShown ? sentence() : "")
    countdown.textContent = isShown ? next() : ""
    if (!isShown && bar.contains(document.activeElement)) composer.input.focus()
    button.hidden = !isShown
    if (lost) clock = setTimeout(look, Math.max(early, 0) || SECOND)
  }

  function show(words) {
    if (text.textContent !== words) text.textContent = words
  }

  function sentence() {
    if (!navigator.onLine) return gettext("You are offline. What you write is sent when you are back.")
    if (!wasOpen) return gettext("No connection yet. What you write waits here.")
    return gettext("Connection lost at {time}. What you write waits here.", { time: time(lost) })
  }

  function next() {
    if (!navigator.onLine) return ""
    const left = Math.ceil((line.until - Date.now()) / SECOND)
    return left > 0 ? gettext("Next try in {left} s.", { left }) : gettext("Trying…")
  }
}
