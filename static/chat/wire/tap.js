// Listens to what this page sends and receives, on each of the three transports, and can disturb it.
// It takes the place of the browser's WebSocket and fetch while it is installed, so that nothing else knows of it.

export class Tap {
  #WebSocket = globalThis.WebSocket
  #fetch = globalThis.fetch
  #lines = new Set() // functions that cut what is open
  denied = new Set() // of: websocket, events, poll

  // `took(direction, text, transport)` is called for each frame.
  constructor(took) {
    const tap = this
    globalThis.WebSocket = class extends tap.#WebSocket {
      constructor(...address) {
        super(...address)
        const cut = () => (this.onclose?.({ code: 1006 }), super.close())
        this.addEventListener("message", ({ data }) => took("in", data, "websocket"))
        this.addEventListener("close", () => tap.#lines.delete(cut))
        tap.#lines.add(cut)
        if (tap.denied.has("websocket")) queueMicrotask(cut)
      }

      send(data) {
        took("out", data, "websocket")
        super.send(data)
      }
    }
    globalThis.fetch = (...request) => this.#asked(took, ...request)
  }

  async #asked(took, address, options = {}) {
    const path = new URL(address, location.href).pathname
    const transport = path.endsWith("/events/") ? "events" : path.endsWith("/poll/") ? "poll" : ""
    if (this.denied.has(transport || "post")) throw new TypeError("denied by the inspector")
    const aborting = new AbortController()
    const cut = () => aborting.abort()
    this.#lines.add(cut)
    const signal = options.signal ? AbortSignal.any([options.signal, aborting.signal]) : aborting.signal
    if (options.method === "POST") took("out", said(options.body), "post")
    try {
      const answer = await this.#fetch.call(globalThis, address, { ...options, signal })
      if (transport || options.method === "POST") this.#read(answer.clone(), took, transport || "post")
      return answer
    } finally {
      if (transport !== "events") this.#lines.delete(cut)
    }
  }

  async #read(answer, took, transport) {
    let text = ""
    try {
      for await (const part of answer.body.pipeThrough(new TextDecoderStream())) {
        const blocks = (text + part).split(transport === "events" ? "\n\n" : "\0")
        text = blocks.pop()
        for (const block of blocks) took("in", block.split("data: ")[1] ?? block, transport)
      }
    } catch {
      // cut
    }
    if (text) took("in", text, transport)
  }

  // A WebSocket that is not listened to and not cut.
  untapped(path) {
    const url = new URL(path, location.href)
    url.protocol = url.protocol.replace("http", "ws")
    return new this.#WebSocket(url)
  }

  cut() {
    for (const cut of [...this.#lines]) cut()
    this.#lines.clear()
  }

  remove() {
    globalThis.WebSocket = this.#WebSocket
    globalThis.fetch = this.#fetch
  }
}

// A form's fields as the object that a WebSocket would be sent.
function said(body) {
  if (typeof body === "string") return body
  return JSON.stringify({ type: "message", ...Object.fromEntries(new URLSearchParams(body ?? "")) })
}
