// The lobby, live: a room in which something is said moves up with its last words, a new one appears, and what is unread
// is marked. While the pointer or the focus is in the list nothing moves. Without a line the list is asked for now and then.

import { Connection } from "../connection.js"
import { near } from "../words.js"
import { GuestNumbers, markerOf } from "./guest.js"
import { mark } from "./marks.js"

const MOST = 50 // rooms on a page
const LOCK = ".cut > .icon, .cut > .visually-hidden" // of a closed room
const ASK_EVERY = 30_000 // milliseconds, while there is no line

const section = document.querySelector(".lively")
const blank = document.getElementById("blank-entry").content
const field = document.getElementById("room-name-input")
const isNewest = section.dataset.page === "1" // on the other pages nothing moves
const title = document.title
const numbers = new Map() // of each room, as the server sent them
const waiting = new Map() // what is known of rooms whose row has to move or to be made
let you = null
let guest = null
let wasCut = false
let timer = 0

const connection = new Connection({ socket: "/ws/chat/" }, 0, take, ({ state }) => {
  clearInterval(timer)
  if (state === "open") {
    if (wasCut) renew()
    wasCut = false
  } else if (state !== "connecting") {
    wasCut = true
    timer = setInterval(() => document.hidden || renew(), ASK_EVERY)
  }
})
connection.open()
section.addEventListener("pointerout", ({ relatedTarget }) => section.contains(relatedTarget) || arrange())
section.addEventListener("focusout", () => setTimeout(arrange)) // when the focus has arrived elsewhere

function take(event) {
  if (event.type === "hello") greet(event.you)
  if (event.type === "rooms") renew()
  if (event.type === "unread") count(event)
  if (event.type === "gone") leave(event.rooms)
  if (event.type === "recent" && event.rooms.some(({ room }) => markerOf(room))) guest?.ask()
  if (event.type !== "recent" || !isNewest) return
  for (const each of event.rooms) {
    if (each.kind === "direct") continue // not in this list
    waiting.set(each.room, each)
    const row = rowOf(each.room)
    if (row) fill(row, each)
  }
  arrange()
}

// Signed in or out elsewhere: the page is another one, but what is typed stays.
function greet({ id }) {
  if (you && you !== id && !field.value) location.reload()
  you = id
  if (!id.startsWith("guest-")) return
  guest ??= new GuestNumbers(listed, (rooms) => count({ rooms, all: true }))
}

const listed = () => [...section.querySelectorAll(".entry")].map(({ dataset }) => dataset.room)

function leave(rooms) {
  for (const room of rooms) waiting.set(room, null)
  arrange()
}

function count({ rooms, all }) {
  if (all) numbers.clear()
  for (const number of rooms) numbers.set(number.room, number)
  show()
}

function show() {
  const calls = [...numbers.values()].reduce((sum, { mentions }) => sum + mentions, 0)
  document.title = calls ? `(${calls}) ${title}` : title
  for (const row of section.querySelectorAll(".entry")) {
    const { unread = 0, mentions = 0 } = numbers.get(row.dataset.room) ?? {}
    mark(row, unread, mentions)
  }
}

function arrange() {
  const list = section.querySelector(".rooms")
  if (!waiting.size || list.matches(":hover, :focus-within")) return
  for (const [room, each] of waiting) {
    if (!each) rowOf(room)?.parentElement.remove()
    else if (!rowOf(room)) list.append(made(each))
  }
  waiting.clear()
  const sorted = [...list.children].sort((one, other) => timeOf(other) - timeOf(one))
  for (const [place, item] of sorted.entries()) {
    if (place >= MOST) item.remove()
    else if (list.children[place] !== item) list.insertBefore(item, list.children[place])
  }
  section.hidden = !list.children.length
  if (!section.hidden) document.querySelector(".specimen")?.remove()
  show()
}

const rowOf = (room) => section.querySelector(`.entry[data-room="${CSS.escape(room)}"]`)
const timeOf = (item) => Date.parse(item.querySelector("time").dateTime)

function made(each) {
  const item = blank.firstElementChild.cloneNode(true)
  const row = item.querySelector(".entry")
  row.dataset.room = each.room
  row.href = `/chat/${encodeURIComponent(each.room)}/`
  row.querySelector("b > bdi").textContent = each.room
  fill(row, each)
  return item
}

function fill(row, { at, kind, topic, last }) {
  const lock = row.querySelectorAll(LOCK)
  if (kind !== "closed") for (const part of lock) part.remove()
  else if (!lock.length) row.querySelector("b").after(" ", ...blank.cloneNode(true).querySelectorAll(LOCK))
  const time = row.querySelector("time")
  time.dateTime = at
  time.textContent = near(new Date(at))
  row.querySelector(".topic").textContent = topic
  row.querySelector(".last").replaceChildren(...(last ? [apart(last.author), ": ", apart(last.text)] : []))
}

const apart = (text) => Object.assign(document.createElement("bdi"), { textContent: text })

async function renew() {
  const response = await fetch(location.href, { headers: { "HX-Request": "true" } }).catch(() => null)
  if (!response?.ok) return
  section.querySelector(".rooms").outerHTML = await response.text()
  for (const time of section.querySelectorAll("time")) time.textContent = near(new Date(time.dateTime))
  show()
}
