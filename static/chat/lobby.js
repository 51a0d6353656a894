// The autofocus attribute waits for the first painting; who types at once would lose a letter.
document.getElementById("room-name-input").focus()

// The list is the same for everyone; how long ago something was said is the viewer's to say.
const STEPS = [["second", 60], ["minute", 60], ["hour", 24], ["day", 7], ["week", 4.35], ["month", 12], ["year", Infinity]]
const ago = new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: "auto" })
for (const time of document.querySelectorAll(".rooms time")) {
  let amount = (new Date(time.dateTime) - Date.now()) / 1000
  for (const [unit, most] of STEPS) {
    if (Math.abs(amount) < most) {
      time.textContent = ago.format(Math.min(0, Math.round(amount)), unit)
      break
    }
    amount /= most
  }
}
