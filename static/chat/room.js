// The room's page: opens the line, then brings the parts together. Each part is a small class in a file of its own.
// What one does not need in order to read and write comes afterwards: later.js, and with it the features.

import { Connection } from "./connection.js"
import { gettext } from "./words.js"

const KEPT = 500 // messages, while the reader is at the end
const SLOW = 400 // milliseconds after which a message says that it is being sent

const page = document.getElementById("room")
const { room, path } = page.dataset
const you = { id: page.dataset.you, name: page.dataset.name }
const paths = { room: path, socket: `/ws${path}`, events: `${path}events/`, poll: `${path}poll/`, messages: `${path}messages/` }

document.querySelector(".message.at")?.scrollIntoView({ block: "center" }) // before older or newer ones come into sight
const early = [] // events that came before the parts
let receive = (event) => early.push(event)
const connection = new Connection(paths, Number(page.dataset.seq), (event) => receive(event), showState)
connection.open()

// Asked for only now: on a slow line they would keep the words and the connection waiting.
const [{ Composer }, { Notice }, { Outbox }, { Scroll }, { Timeline }] = await Promise.all([
  import("./composer.js"),
  import("./notice.js"),
  import("./outbox.js"),
  import("./scroll.js"),
  import("./timeline.js"),
  import("./draft.js"), // the composer's
])

const listeners = {} // of features, by the type of event
const unheard = {} // events of features that are not there yet
const notice = new Notice(document.querySelector(".notice"))
const timeline = new Timeline(document.querySelector(".messages"), document.getElementById("blank-message"), you)
const scroll = new Scroll(document.getElementById("chat-log"), document.querySelector("button.unseen"), () => emit({ type: "tidy" }))
const outbox = new Outbox(room, you, (entry) => connection.send({ type: "message", ...entry }), {
  pending(entry) {
    scroll.change(() => timeline.pending(entry), { toEnd: true })
    setTimeout(() => timeline.has(entry) && scroll.change(() => timeline.slow(entry)), SLOW)
  },
  failed: (entry, failure) => scroll.change(() => timeline.failed(entry, failure)),
  gone: (entry) => scroll.change(() => timeline.remove(entry.client_id)),
  waiting: (code, until) => notice.say("waiting", { kind: "may", until, text: (left) => waiting(code, left) }),
})
const composer = new Composer(document.querySelector(".composer"), room, notice, say)
const dress = (dresser) => timeline.dress(dresser)
const parts = { you, room, paths, kept: KEPT, notice, timeline, scroll, outbox, composer, connection, on, emit, dress, become }

// Returns what takes the listener off again.
function on(type, listener) {
  (listeners[type] ??= []).push(listener)
  for (const event of unheard[type] ?? []) listener(event)
  return () => (listeners[type] = listeners[type].filter((other) => other !== listener))
}

function emit(event) {
  for (const listener of listeners[event.type] ?? []) listener(event)
}

// False if it is not to be said: a feature did something else with it.
function say(text) {
  const saying = { type: "saying", text, fields: {}, isStopped: false }
  emit(saying)
  if (!saying.isStopped) outbox.add(text, saying.fields)
  return !saying.isStopped
}

function become(person) {
  Object.assign(you, person)
  scroll.change(() => timeline.markMine())
}

receive = (event) => {
  switch (event.type) {
    case "opened":
      outbox.flush()
      break
    case "hello":
      if (you.id.startsWith("user-") && event.you.id !== you.id) composer.afterEdit(() => location.reload()) // signed out
      become(event.you)
      break
    case "message":
      outbox.delivered(event.client_id)
      return scroll.change(() => (timeline.place(event), emit(event)), { counts: event.author.id !== you.id })
    case "deleted":
      return scroll.change(() => (timeline.deleted(event.id), emit(event)))
    case "ack":
      outbox.acknowledged(event.client_id, event.seq <= connection.seq)
      if (timeline.isDetached && outbox.isEmpty) location.assign(path) // to where it was said
      break
    case "error":
      outbox.refused(event)
      break
    case "reset":
      composer.afterEdit(() => location.reload())
      break
    default:
      if (!page.dataset.ready) (unheard[event.type] ??= []).push(event)
  }
  emit(event)
}

function waiting(code, left) {
  if (code !== "rate_limited") return gettext("The server is busy. What waits is sent in {left} s.", { left })
  return gettext("That was quicker than this room allows. What waits is sent in {left} s.", { left })
}

// What became of the line: said in the bar under the header (bar.js).
function showState({ state, transport, ...more }) {
  page.dataset.line = state
  Object.assign(document.querySelector(".connection").dataset, { state, ...(transport && { transport }) })
  receive({ type: "line", state, ...more })
}

timeline.refresh()
timeline.element.addEventListener("click", ({ target }) => {
  const { retry, discard, back } = target.closest("[data-retry], [data-discard], [data-back]")?.dataset ?? {}
  if (retry) outbox.retry(retry)
  if (discard) outbox.discard(discard)
  if (back) composer.putBack(outbox.discard(back))
})
const menu = document.querySelector(".menu")
menu.hidden = false
menu.addEventListener("click", async () => (await import("./sidebar.js")).toggle(menu))
outbox.restore()
for (const event of early) receive(event)
performance.mark("ready to write")
const { install } = await import("./later.js")
await install(parts)
page.dataset.ready = "yes"
