// What was written and is not yet acknowledged: kept in local storage, sent one at a time, never twice.
// A repeat carries the same client_id, by which the server knows it.

import { stored } from "./draft.js"

const ANSWER_WITHIN = 15_000
const COMMAND = /^\/(name|topic)(\s|$)/ // done by the server, and no message

export class Outbox {
  #prefix
  #you
  #send
  #show
  #entries = [] // { client_id, message, at, by, fields, failed?: { code, reason, detail } }, oldest first
  #inFlight = null
  #timer = 0

  constructor(room, you, send, show) {
    this.#prefix = `outbox:${room}:`
    this.#you = you
    this.#send = send
    this.#show = show
    addEventListener("storage", ({ key, newValue }) => this.#changedElsewhere(key, newValue))
  }

  get isEmpty() {
    return !this.#entries.length
  }

  // `fields` are those of features: they travel with it.
  add(message, fields = {}) {
    const entry = { client_id: crypto.randomUUID?.() ?? uuid(), message, at: Date.now(), by: this.#you.id, fields }
    this.#entries.push(entry)
    this.#keep(entry)
    this.#show.pending(entry)
    this.#next()
  }

  // What an earlier visit left behind.
  restore() {
    for (const key of stored(() => Object.keys(localStorage)) ?? []) {
      if (!key.startsWith(this.#prefix)) continue
      const entry = stored(() => JSON.parse(localStorage[key]))
      if (entry?.client_id && entry.message) this.#entries.push(entry)
      else stored(() => localStorage.removeItem(key))
      if (typeof entry?.failed === "string") delete entry.failed // as an older page kept it
    }
    this.#entries.sort((a, b) => a.at - b.at)
    for (const entry of this.#entries) {
      if (this.#isAnothers(entry))
        entry.failed ??= { code: "forbidden", reason: "sent_as_another", name: this.#you.name, detail: `You are signed out. Sent again, it is said by ${this.#you.name}.` }
      this.#show.pending(entry)
      if (entry.failed) this.#show.failed(entry, entry.failed)
    }
  }

  // Send the oldest that waits, even if it was sent before. For a new connection, or when no answer came.
  flush() {
    clearTimeout(this.#timer)
    this.#inFlight = null
    this.#next()
  }

  // `isShown`: the message is on the page already, or was deleted; no event will come for it.
  acknowledged(client_id, isShown = false) {
    const entry = this.#find(client_id)
    if (entry && (isShown || COMMAND.test(entry.message))) this.#show.gone(entry)
    this.#forget(client_id)
    this.#next()
  }

  delivered(client_id) {
    if (this.#find(client_id)) this.acknowledged(client_id)
  }

  refused({ code, reason, detail, client_id, retry_after }) {
    const entry = this.#find(client_id)
    if (!entry) return
    if (code === "rate_limited" || code === "unavailable") {
      const wait = (retry_after ?? 1) * 1000
      clearTimeout(this.#timer)
      this.#timer = setTimeout(() => this.flush(), wait)
      this.#show.waiting(code, Date.now() + wait)
      return
    }
    entry.failed = { code, reason, detail }
    this.#keep(entry)
    this.#show.failed(entry, entry.failed)
    if (this.#inFlight === entry) this.flush()
  }

  retry(client_id) {
    const entry = this.#find(client_id)
    if (!entry) return
    delete entry.failed
    entry.by = this.#you.id
    this.#keep(entry)
    this.#show.pending(entry)
    this.#next()
  }

  // Returns its text.
  discard(client_id) {
    const entry = this.#find(client_id)
    this.#forget(client_id)
    if (entry) this.#show.gone(entry)
    return entry?.message
  }

  #next() {
    if (this.#inFlight) return
    const entry = this.#entries.find((each) => !each.failed && !this.#isAnothers(each))
    if (!entry || !this.#send({ ...entry.fields, client_id: entry.client_id, message: entry.message })) return
    this.#inFlight = entry
    this.#timer = setTimeout(() => this.flush(), ANSWER_WITHIN)
  }

  // Written under an account that one is no longer signed in to: not sent under another name unasked.
  #isAnothers({ by }) {
    return by?.startsWith("user-") && by !== this.#you.id
  }

  #find(client_id) {
    return this.#entries.find((entry) => entry.client_id === client_id)
  }

  #keep(entry) {
    stored(() => (localStorage[this.#prefix + entry.client_id] = JSON.stringify(entry)))
  }

  // In another tab: a failed one was discarded or is sent again. What waits here is sent from here all the same.
  #changedElsewhere(key, value) {
    const entry = this.#entries.find((each) => this.#prefix + each.client_id === key)
    if (!entry?.failed || value === JSON.stringify(entry)) return
    this.#entries = this.#entries.filter((each) => each !== entry)
    this.#show.gone(entry)
  }

  #forget(client_id) {
    if (this.#inFlight?.client_id === client_id) {
      clearTimeout(this.#timer)
      this.#inFlight = null
    }
    this.#entries = this.#entries.filter((entry) => entry.client_id !== client_id)
    stored(() => localStorage.removeItem(this.#prefix + client_id))
  }
}

// crypto.randomUUID is there on HTTPS and localhost alone.
function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  bytes[6] = (bytes[6] & 0x0f) | 0x40
  bytes[8] = (bytes[8] & 0x3f) | 0x80
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-")
}
