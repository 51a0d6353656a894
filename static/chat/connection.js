// The room's WebSocket: resumes with `after`, notices a dead line by a heartbeat, comes back with jittered backoff.

const PING_EVERY = 20_000
const PONG_WITHIN = 10_000
const GOOD_AFTER = 10_000
const BACKOFF = { least: 500, most: 30_000 }
const SERVER_GONE = 5_000 // after 1012 and 1006 all clients come back: spread them over this time
const FINAL = new Set([4403, 4404])

export class Connection {
  #path
  #receive
  #showState
  #socket = null
  #attempts = 0
  #timers = { retry: 0, ping: 0, pong: 0, good: 0 }
  #refusal = ""

  constructor(path, seq, receive, showState) {
    this.#path = path
    this.seq = seq // the highest that was seen: where to go on
    this.#receive = receive
    this.#showState = showState
    addEventListener("online", () => this.#hurry())
    addEventListener("offline", () => this.#drop())
    document.addEventListener("visibilitychange", () => document.hidden || this.#hurry())
  }

  open() {
    clearTimeout(this.#timers.retry)
    const url = new URL(this.#path, location.href)
    url.protocol = url.protocol.replace("http", "ws")
    url.searchParams.set("after", this.seq)
    const socket = (this.#socket = new WebSocket(url, "chat.v1"))
    this.#showState("connecting")
    this.#timers.pong = setTimeout(() => this.#drop(), PONG_WITHIN)
    socket.onmessage = ({ data }) => socket === this.#socket && this.#take(JSON.parse(data))
    socket.onclose = ({ code }) => socket === this.#socket && this.#closed(code)
  }

  // True if the frame was handed to an open socket; an answer is another matter.
  send(event) {
    if (this.#socket?.readyState !== WebSocket.OPEN) return false
    this.#socket.send(JSON.stringify(event))
    return true
  }

  #take(frame) {
    clearTimeout(this.#timers.pong)
    for (const event of [frame].flat()) {
      if (event.type === "hello") this.#opened()
      if (event.type === "error") this.#refusal = event.detail
      if (event.type === "message" || event.type === "deleted") {
        if (event.seq <= this.seq) continue
        this.seq = event.seq
      }
      this.#receive(event)
    }
  }

  #opened() {
    this.#showState("open")
    clearTimeout(this.#timers.good)
    clearTimeout(this.#timers.ping)
    this.#timers.good = setTimeout(() => (this.#attempts = 0), GOOD_AFTER)
    this.#timers.ping = setTimeout(() => this.#ping(), PING_EVERY)
  }

  #ping() {
    clearTimeout(this.#timers.pong)
    this.#timers.pong = setTimeout(() => this.#drop(), PONG_WITHIN)
    this.#timers.ping = setTimeout(() => this.#ping(), PING_EVERY)
    this.send({ type: "ping" })
  }

  // A line that may be dead does not close by itself: leave it, and go on without waiting for it.
  #drop() {
    const socket = this.#socket
    this.#closed(1006)
    socket?.close()
  }

  #closed(code) {
    this.#socket = null
    for (const timer of Object.values(this.#timers)) clearTimeout(timer)
    if (FINAL.has(code)) return this.#showState("refused", this.#refusal)
    this.#showState(navigator.onLine ? "waiting" : "offline")
    this.#timers.retry = setTimeout(() => this.open(), this.#delay(code))
  }

  #delay(code) {
    const most = Math.min(BACKOFF.most, BACKOFF.least * 2 ** this.#attempts++)
    if (code === 1012 || (code === 1006 && most < SERVER_GONE)) return Math.random() * SERVER_GONE
    return BACKOFF.least + Math.random() * most
  }

  // Back online, or looked at again: now is better than later.
  #hurry() {
    if (!this.#socket) this.open()
    else if (this.#socket.readyState === WebSocket.OPEN) this.#ping()
  }
}
