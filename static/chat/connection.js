// The line to the room: resumes with `after`, notices a dead line by a heartbeat, comes back with jittered backoff.
// A WebSocket if possible, else Server-Sent Events, else long-poll (fallback.js, loaded when it is needed).

const PING_EVERY = 20_000
const PONG_WITHIN = 10_000
const [visit] = performance.getEntriesByType("navigation")
const PAGE_TOOK = Math.min(visit?.responseEnd ?? 0, 15_000)
const HELLO_WITHIN = Math.max(3_000, PAGE_TOOK) // else the next transport is tried: a slow line is no blocked one
const GOOD_AFTER = 10_000
const BACKOFF = { least: 500, most: 30_000 }
const LINE_BROKEN = 1_000 // after 1006, which may concern this line alone: the first attempt is made within this time
const SERVER_GONE = 5_000 // after 1012, or when the first attempt failed: all clients come back, spread over this time
const SOCKET_AGAIN = 300_000 // on a fallback for so long, a WebSocket is tried again
const FINAL = new Set([4403, 4404])

const TRANSPORTS = [
  async () => Socket,
  async () => (await import("./fallback.js")).Events,
  async () => (await import("./fallback.js")).Poll,
]

export class Connection {
  #paths
  #receive
  #showState
  #line = null // the transport in use, or being tried
  #number = 0 // of that transport
  #worked = { number: 0, at: 0 } // the transport that worked last
  #isOpen = false
  #attempts = 0
  #timers = { retry: 0, hello: 0, good: 0, probe: 0 }
  #refusal = {} // the last one, which says why if no more is tried

  constructor(paths, seq, receive, showState) {
    this.#paths = paths
    this.seq = seq // the highest that was seen: where to go on
    this.#receive = receive
    this.#showState = showState
    addEventListener("online", () => this.#hurry())
    addEventListener("offline", () => this.#line && this.#closed(1006))
    document.addEventListener("visibilitychange", () => document.hidden || this.#hurry())
    addEventListener("pagehide", () => this.#stop()) // an open line would keep the page out of the back-forward cache
    addEventListener("pageshow", ({ persisted }) => persisted && this.open())
  }

  open() {
    const { number, at } = this.#worked
    this.#start(Date.now() - at < SOCKET_AGAIN ? number : 0)
  }

  // A new line in place of the open one: the server asks who one is.
  again() {
    if (this.#isOpen) this.open()
  }

  // True if it was handed to an open line; an answer is another matter.
  send(event) {
    return this.#isOpen && this.#line.send(event)
  }

  async #start(number) {
    this.#stop()
    this.#showState({ state: "connecting" })
    this.#number = number
    const attempt = (this.#line = { close() {} })
    this.#timers.hello = setTimeout(() => this.#closed(1006), HELLO_WITHIN)
    const Transport = await TRANSPORTS[number]().catch(() => null)
    if (this.#line !== attempt) return
    if (!Transport) return this.#closed(1006)
    const line = (this.#line = new Transport(this.#paths, this.seq, {
      opened: () => line === this.#line && this.#opened(),
      event: (event) => line === this.#line && this.#take(event),
      closed: (code) => line === this.#line && this.#closed(code),
    }))
  }

  #opened() {
    if (this.#isOpen) return // a poll says so each time
    clearTimeout(this.#timers.hello)
    this.#isOpen = true
    this.#worked = { number: this.#number, at: this.#worked.number === this.#number && this.#worked.at || Date.now() }
    this.#timers.good = setTimeout(() => (this.#attempts = 0), GOOD_AFTER)
    if (this.#number > 0) this.#timers.probe = setTimeout(() => this.#probe(), SOCKET_AGAIN)
    this.#showState({ state: "open", transport: ["websocket", "events", "poll"][this.#number] })
    this.#receive({ type: "opened" })
  }

  #take(event) {
    if (event.type === "error") this.#refusal = event
    if (event.type === "message" || event.type === "deleted") {
      if (event.seq <= this.seq) return
      this.seq = event.seq
    }
    this.#receive(event)
  }

  #closed(code) {
    const wasOpen = this.#isOpen
    this.#stop()
    if (FINAL.has(code)) return this.#showState({ state: "refused", refused: this.#refusal })
    const hasWorked = this.#worked.at > 0 // until now: then rather the server or the network is away
    const hasNext = this.#paths.events && this.#number + 1 < TRANSPORTS.length // the lobby has a WebSocket alone
    const couldTryNext = !wasOpen && !hasWorked && navigator.onLine && code === 1006
    if (couldTryNext && hasNext) return this.#start(this.#number + 1)
    if (!wasOpen) this.#worked = { number: 0, at: 0 }
    const delay = this.#delay(code, wasOpen)
    this.#timers.retry = setTimeout(() => this.open(), delay)
    this.#showState({ state: navigator.onLine ? "waiting" : "offline", until: Date.now() + delay })
  }

  #stop() {
    const line = this.#line
    this.#line = null
    this.#isOpen = false
    for (const timer of Object.values(this.#timers)) clearTimeout(timer)
    line?.close()
  }

  #delay(code, wasOpen) {
    const attempt = this.#attempts++
    if (wasOpen && code === 1006 && attempt === 0) return Math.random() * LINE_BROKEN
    if ((wasOpen && code === 1012) || attempt === 1) return Math.random() * SERVER_GONE
    return BACKOFF.least + Math.random() * Math.min(BACKOFF.most, BACKOFF.least * 2 ** attempt)
  }

  // On a fallback: does a WebSocket get through by now? The line in use is kept until one does.
  #probe() {
    const line = this.#line
    const socket = new WebSocket(Socket.url(this.#paths, this.seq), "chat.v1")
    socket.onopen = () => (socket.close(), line === this.#line && this.#start(0))
    socket.onerror = () => (this.#timers.probe = setTimeout(() => line === this.#line && this.#probe(), SOCKET_AGAIN))
  }

  // Back online, or looked at again: now is better than later.
  #hurry() {
    if (!this.#line) this.open()
    else if (this.#isOpen) this.#line.ping()
  }
}

class Socket {
  #socket
  #on
  #ping
  #pong

  constructor(paths, after, on) {
    this.#on = on
    this.#socket = new WebSocket(Socket.url(paths, after), "chat.v1")
    this.#socket.onmessage = ({ data }) => this.#take(JSON.parse(data))
    this.#socket.onclose = ({ code }) => on.closed(code)
  }

  static url(paths, after) {
    const url = new URL(paths.socket, location.href)
    url.protocol = url.protocol.replace("http", "ws")
    url.searchParams.set("after", after)
    return url
  }

  send(event) {
    if (this.#socket.readyState !== WebSocket.OPEN) return false
    this.#socket.send(JSON.stringify(event))
    return true
  }

  ping() {
    clearTimeout(this.#ping)
    clearTimeout(this.#pong)
    this.#ping = setTimeout(() => this.ping(), PING_EVERY)
    this.#pong = setTimeout(() => this.#on.closed(1006), PONG_WITHIN)
    this.send({ type: "ping" })
  }

  close() {
    clearTimeout(this.#ping)
    clearTimeout(this.#pong)
    this.#socket.onmessage = this.#socket.onclose = null // a dead line would close minutes later
    this.#socket.close()
  }

  #take(frame) {
    clearTimeout(this.#pong)
    for (const event of [frame].flat()) {
      this.#on.event(event)
      if (event.type !== "hello" || this.#ping) continue // later ones tell of a new name
      this.#on.opened()
      clearTimeout(this.#ping)
      this.#ping = setTimeout(() => this.ping(), PING_EVERY)
    }
  }
}
