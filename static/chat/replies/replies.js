// Answers: Reply in the toolbar, the line above the field while one answers, and quotes that show what the message they
// name says now.

import { isComposing } from "../composer.js"
import { lineOf, lineOfHtml } from "../line.js"
import { idOf } from "../timeline.js"
import { gettext } from "../words.js"

const KNOWN = 1000 // quoted messages

export function install({ timeline, composer, paths, notice, on, dress }) {
  let answering = null // the id of the message that is answered
  const quoted = new Map() // by id: { author, line }, line null once it is deleted

  on("action:reply", ({ message }) => {
    const name = message.querySelector(".author").textContent
    const line = lineOf(message.querySelector(".text"))
    if (composer.isEditing) composer.cancel()
    answering = idOf(message)
    if (!quoted.has(answering)) remember(answering, { author: { name }, line })
    notice.say("reply", { kind: "doing", text: gettext("Replying to {name}: {words}", { name, words: line.slice(0, 120) }), action: gettext("Cancel"), run: stop })
    composer.input.focus()
  })

  function stop() {
    answering = null
    notice.clear("reply")
    composer.input.focus()
  }

  composer.input.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && answering && !composer.isEditing && !isComposing(event)) stop()
  })

  on("saying", ({ fields, isStopped }) => {
    if (!answering || isStopped) return
    fields.reply_to = answering
    stop()
  })

  on("message", ({ id, author, html, reply_to }) => {
    if (reply_to) remember(reply_to.id, reply_to)
    const isQuoted = quoted.has(id) || timeline.element.querySelector(`.quote[data-reply-to="${id}"]`)
    if (isQuoted) show(id, { author, line: lineOfHtml(html) })
    if (reply_to) show(reply_to.id, reply_to)
  })
  on("deleted", ({ id }) => {
    if (answering === id) stop()
    show(id, { author: null, line: null })
  })

  dress((message) => {
    const quote = message.querySelector(".quote:empty") ?? quoteOfOneOnItsWay(message)
    if (!quote) return
    const id = Number(quote.dataset.replyTo)
    if (quoted.has(id)) fill(quote, quoted.get(id))
    else queueMicrotask(() => quote.firstChild || ask(id)) // its event, if one is under way, fills it first
  })

  // For one that came before this feature was there.
  async function ask(id) {
    const response = await fetch(`${paths.messages}${id}/`).catch(() => null)
    if (!response?.ok) return
    const { author, html } = await response.json()
    show(id, { author, line: html ? lineOfHtml(html) : null })
  }

  function show(id, message) {
    remember(id, message)
    for (const quote of timeline.element.querySelectorAll(`.quote[data-reply-to="${id}"]`)) fill(quote, message)
  }

  function remember(id, { author, line }) {
    quoted.delete(id)
    quoted.set(id, { author, line })
    if (quoted.size > KNOWN) quoted.delete(quoted.keys().next().value)
  }
}

// A message that is being sent, or was not, has no markup of the server's yet.
function quoteOfOneOnItsWay(message) {
  const { reply_to } = message.dataset
  if (!reply_to || message.querySelector(".quote")) return null
  const quote = document.createElement("a")
  quote.className = "quote"
  quote.href = `?at=${reply_to}#m${reply_to}`
  quote.dataset.replyTo = reply_to
  message.querySelector(".text").before(quote)
  return quote
}

function fill(quote, { author, line }) {
  const words = document.createElement("span")
  words.className = "cut"
  words.dir = "auto"
  words.textContent = line ?? gettext("This message was deleted")
  const name = document.createElement("b")
  name.dir = "auto"
  name.textContent = author?.name ?? ""
  quote.replaceChildren(...(line === null ? [words] : [name, words]))
}
