// Emoji on messages: one's own are pressed, a press takes one's own back. A row of six to begin with, and all of them in
// a panel; `:name` in the field is completed.

import { found } from "./emoji.js"
import { idOf } from "../timeline.js"
import { gettext } from "../words.js"

const QUICK = ["👍", "❤️", "😄", "🎉", "👀", "🙏"]

export function install({ you, timeline, composer, completion, connection, notice, on, dress }) {
  const isOwn = (button) => button.dataset.by.split(" ").includes(you.id)

  dress((message) => {
    const list = message.querySelector(".reactions")
    if (list) list.ariaLabel = gettext("Reactions")
    for (const button of message.querySelectorAll(".reaction")) button.ariaPressed = isOwn(button)
  })

  timeline.element.addEventListener("click", ({ target }) => {
    const button = target.closest(".reaction")
    if (button) react(button.closest(".message"), button.dataset.emoji)
  })

  on("hello", () => {
    for (const button of timeline.element.querySelectorAll(".reaction")) button.ariaPressed = isOwn(button)
  })
  on("error", ({ reason, client_id }) => {
    if (reason === "too_many" && !client_id) complain(gettext("There are too many different reactions on this message."))
  })

  on("action:react", ({ message, byKeyboard }) => {
    const row = quickRow(message)
    message.append(row)
    if (byKeyboard) row.firstChild.focus()
  })

  function quickRow(message) {
    document.querySelector(".toolbar.quick")?.remove()
    const row = document.createElement("div")
    row.className = "toolbar quick"
    row.role = "toolbar"
    row.ariaLabel = gettext("React")
    const choose = (emoji) => {
      row.remove()
      react(message, emoji)
    }
    row.append(...QUICK.map((emoji) => button(emoji, emoji, () => choose(emoji))))
    row.append(button("…", gettext("More emoji"), () => (row.remove(), pick(choose))))
    const outside = ({ target }) => row.contains(target) || close()
    const close = () => (row.remove(), document.removeEventListener("pointerdown", outside))
    document.addEventListener("pointerdown", outside)
    row.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
      const buttons = [...row.children]
      if (step) buttons.at((buttons.indexOf(event.target) + step) % buttons.length).focus()
      if (event.key === "Escape") (close(), message.focus())
      if (step || event.key === "Escape") (event.preventDefault(), event.stopPropagation())
    })
    return row
  }

  // The sheet that a long press opens: six at the thumb, and a line for all the others.
  on("pressed", ({ message, dialog, rows }) => {
    const six = document.createElement("div")
    six.className = "six"
    six.role = "group"
    six.ariaLabel = gettext("React")
    six.append(...QUICK.map((emoji) => button(emoji, emoji, () => react(message, emoji))))
    const own = [...message.querySelectorAll(".reaction")].filter(isOwn).map((each) => each.dataset.emoji)
    for (const each of six.children) Object.assign(each, { className: "", ariaPressed: own.includes(each.textContent) })
    rows.before(six)
    const more = rows.querySelector("[data-action=react]")
    more.querySelector(".cut").textContent = gettext("Another reaction")
    more.dataset.action = "another-reaction"
  })
  on("action:another-reaction", ({ message }) => pick((emoji) => react(message, emoji)))

  function react(message, emoji) {
    const now = document.getElementById(message.id) // it may have changed since
    const pressed = [...(now?.querySelectorAll(".reaction") ?? [])].find((each) => each.dataset.emoji === emoji)
    const on = !(pressed && isOwn(pressed))
    if (!connection.send({ type: "react", id: idOf(message), emoji, on })) complain(gettext("No connection: press it again when it is back."))
  }

  function complain(text) {
    notice.say("reaction", { kind: "wrong", text })
    setTimeout(() => notice.clear("reaction"), 6_000)
  }

  const opener = document.getElementById("emoji")
  opener?.addEventListener("click", () => pick((emoji) => composer.insert(emoji)))

  async function pick(choose) {
    const { Picker } = await import("./picker.js")
    new Picker(document.querySelector(".field"), opener, choose)
  }

  completion.add({
    pattern: /(?<=^|[\s\u2e80-\uffff]):([\p{L}\p{N}_+-]{2,})$/u,
    find: async (typed) => {
      const rows = await found(typed).catch(() => [])
      return rows.slice(0, 8).map(({ emoji, names }) => ({ text: `${emoji} `, label: emoji, detail: names[0] }))
    },
  })
}

function button(text, name, act) {
  const element = document.createElement("button")
  element.className = "tool"
  element.type = "button"
  element.textContent = text
  element.ariaLabel = name
  element.addEventListener("click", act)
  return element
}
