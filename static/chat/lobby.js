// The autofocus attribute waits for the first painting; who types at once would lose a letter.
document.getElementById("room-name-input").focus()

// The server wrote the list in the time zone that the cookie names, if there was one.
const { near } = await import("./words.js")
for (const time of document.querySelectorAll(".rooms time")) {
  const text = near(new Date(time.dateTime))
  if (time.textContent !== text) time.textContent = text
}
