// The line where no WebSocket gets through: Server-Sent Events, or long-poll; what is said goes by POST.
// Over HTTP/1.1 a browser has six connections to a host for all its tabs. So only some tabs that are looked at hold one;
// the others ask every few seconds what is new.

import { post } from "./post.js"

const SILENCE = 25_000 // the server comments every 15 s
const POLL_WAIT = 20
const HELD = 3 // connections, of all tabs
const GLANCE_EVERY = { visible: 2_000, hidden: 20_000 }
const ANSWER_WITHIN = 10_000

class Fallback {
  constructor(paths, after, on) {
    this.paths = paths
    this.after = after
    this.known = "0" // of what is unread: the word of the last answer
    this.on = on
    this.abort = new AbortController()
    this.wake = () => {}
    this.looked = () => this.wake()
    document.addEventListener("visibilitychange", this.looked)
    this.run().catch(() => {}).then(() => this.on.closed(1006))
  }

  async run() {
    while (!this.abort.signal.aborted) {
      const release = document.hidden ? null : await hold()
      if (release) await this.held().finally(release)
      else await this.glance()
    }
  }

  send({ type, ...fields }) {
    if (type === "message") this.#post(fields)
    else this.#postFrame({ type, ...fields })
    return true
  }

  ping() {}

  close() {
    clearTimeout(this.timer)
    document.removeEventListener("visibilitychange", this.looked)
    this.abort.abort()
    this.wake()
  }

  // What is new, and then a pause that ends when the tab is looked at.
  async glance() {
    await this.poll(0)
    clearTimeout(this.timer)
    const pause = GLANCE_EVERY[document.hidden ? "hidden" : "visible"]
    await new Promise((resolve) => {
      this.wake = resolve
      setTimeout(resolve, pause)
    })
  }

  async poll(wait) {
    this.alive((wait + 8) * 1000)
    const response = await fetch(this.url(this.paths.poll, { wait, known: this.known }), { signal: this.abort.signal })
    if (!response.ok) throw new Error(response.statusText)
    const { seq, events, known } = await response.json()
    this.known = known
    for (const event of events) this.on.event(event)
    this.after = Math.max(this.after, seq)
    this.on.opened()
  }

  // The answer comes by another way than on a socket, and is passed on in the same form.
  async #post({ client_id, ...fields }) {
    const { you } = document.getElementById("room").dataset
    let answer = { type: "error", code: "unavailable", detail: "No connection.", client_id, retry_after: 2 }
    try {
      const signal = AbortSignal.timeout(ANSWER_WITHIN)
      const response = await post(this.paths.messages, { ...fields, client_id, as: you }, { signal })
      const body = await response.json()
      if (body.you) this.on.event({ type: "hello", you: body.you })
      answer = response.ok ? { type: "ack", client_id, seq: body.seq } : { ...body, client_id }
    } catch {
      // The answer was lost, perhaps the message too: the outbox sends it again under the same client_id.
    }
    this.on.event(answer)
  }

  // Anything else that a socket would take.
  async #postFrame(frame) {
    try {
      const response = await post(`${this.paths.room}frames/`, JSON.stringify(frame))
      if (!response.ok) this.on.event(await response.json())
    } catch {
      this.on.event({ type: "error", code: "unavailable", detail: "No connection." })
    }
  }

  // Gives up on a line on which nothing comes.
  alive(within) {
    clearTimeout(this.timer)
    this.timer = setTimeout(() => this.close(), within)
  }

  url(path, parameters) {
    const url = new URL(path, location.href)
    for (const [name, value] of Object.entries({ after: this.after, ...parameters })) url.searchParams.set(name, value)
    return url
  }
}

export class Events extends Fallback {
  async held() {
    this.alive(SILENCE)
    const response = await fetch(this.url(this.paths.events), { signal: this.abort.signal })
    if (!response.ok) throw new Error(response.statusText)
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
    this.wake = () => document.hidden && reader.cancel() // let go for a tab that is looked at
    for (let text = ""; ; ) {
      const { done, value } = await reader.read()
      if (done && document.hidden) return
      if (done) throw new Error("The stream ended.")
      this.alive(SILENCE)
      const blocks = (text + value).split("\n\n")
      text = blocks.pop()
      for (const block of blocks) this.#take(block)
    }
  }

  #take(block) {
    const data = block.split("\n").find((line) => line.startsWith("data: "))
    if (!data) return // a comment
    const event = JSON.parse(data.slice(6))
    if (event.type === "hello") this.on.opened()
    else if (event.seq) this.after = event.seq
    this.on.event(event)
  }
}

export class Poll extends Fallback {
  #hasOpened = false

  async held() {
    await this.poll(this.#hasOpened ? POLL_WAIT : 0)
    this.#hasOpened = true
  }
}

// A place among those that hold a connection: what gives it back, or null if none is free. Without locks (on HTTP from
// another machine) each tab holds one.
async function hold() {
  if (!navigator.locks) return () => {}
  for (let place = 0; place < HELD; place++) {
    const release = await new Promise((resolve) => {
      navigator.locks.request(`chat-line-${place}`, { ifAvailable: true }, (lock) => {
        if (lock) return new Promise((release) => resolve(release))
        resolve(null)
      })
    })
    if (release) return release
  }
  return null
}
