// The room's page: brings the parts together. Each part is a small class in a file of its own.

import { Composer } from "./composer.js"
import { Connection } from "./connection.js"
import { Editing } from "./editing.js"
import { features } from "./features.js"
import { Outbox } from "./outbox.js"
import { Scroll } from "./scroll.js"
import { Timeline } from "./timeline.js"

const page = document.getElementById("room")
const { room } = page.dataset
const listeners = {} // of features, by the type of event
const you = { id: page.dataset.you, name: page.dataset.name }

const scroll = new Scroll(document.getElementById("chat-log"), document.querySelector(".unseen"))
const timeline = new Timeline(document.querySelector(".messages"), document.getElementById("blank-message"), you)
const base = page.dataset.path
const paths = { socket: `/ws${base}`, events: `${base}events/`, poll: `${base}poll/`, messages: `${base}messages/` }
const connection = new Connection(paths, Number(page.dataset.seq), receive, showState)
const outbox = new Outbox(room, you, (entry) => connection.send({ type: "message", ...entry }), {
  pending: (entry) => scroll.following(() => timeline.pending(entry), true),
  failed: (entry, detail) => scroll.following(() => timeline.failed(entry, detail)),
  gone: (entry) => timeline.remove(entry.client_id),
})

const composer = new Composer(document.querySelector(".composer"), room, (text) => outbox.add(text))
new Editing(timeline, composer, paths.messages)

function on(type, listener) {
  (listeners[type] ??= []).push(listener)
}

function receive(event) {
  switch (event.type) {
    case "opened":
      outbox.flush()
      break
    case "hello":
      if (you.id.startsWith("user-") && event.you.id !== you.id) composer.afterEdit(() => location.reload()) // signed out
      Object.assign(you, event.you)
      timeline.markMine()
      break
    case "message":
      outbox.delivered(event.client_id)
      scroll.following(() => timeline.place(event), false, event.author.id !== you.id)
      break
    case "deleted":
      scroll.following(() => timeline.deleted(event.id))
      break
    case "ack":
      outbox.acknowledged(event.client_id, event.seq <= connection.seq)
      break
    case "error":
      outbox.refused(event)
      break
    case "reset":
      composer.afterEdit(() => location.reload())
  }
  for (const listener of listeners[event.type] ?? []) listener(event)
}

function showState(state, detail = "") {
  const line = document.querySelector(".connection")
  line.dataset.state = state
  if (state === "open") line.dataset.transport = detail
  line.textContent = {
    open: "",
    connecting: "",
    offline: "You are offline. What you write is sent when you are back.",
    waiting: "Connection lost. Trying again…",
    refused: detail,
  }[state]
}

timeline.refresh()
timeline.element.addEventListener("click", (event) => {
  const button = event.target.closest("[data-retry], [data-discard]")
  if (button?.dataset.retry) outbox.retry(button.dataset.retry)
  if (button?.dataset.discard) outbox.discard(button.dataset.discard)
})
document.body.addEventListener("htmx:afterSwap", () => timeline.refresh())
for (const failure of ["htmx:sendError", "htmx:responseError"])
  document.body.addEventListener(failure, ({ detail }) => {
    const older = detail.elt.cloneNode(true) // its trigger fires once: the copy can be scrolled to again
    setTimeout(() => (detail.elt.replaceWith(older), htmx.process(older)), 2000)
  })
document.body.addEventListener("htmx:beforeSwap", () => scroll.keepPlace())
outbox.restore()
const menu = document.querySelector(".menu")
menu.hidden = false
menu.addEventListener("click", async () => (await import("./sidebar.js")).toggle(menu))
for (const install of features) install({ you, on })
connection.open()
