// The line where no WebSocket gets through: Server-Sent Events, or long-poll; what is said goes by POST.

const SILENCE = 25_000 // the server comments every 15 s
const POLL_WAIT = 20

class Fallback {
  constructor(paths, after, on) {
    this.paths = paths
    this.after = after
    this.on = on
    this.abort = new AbortController()
    this.run().catch(() => {}).then(() => this.on.closed(1006))
  }

  send({ type, ...fields }) {
    if (type === "message") this.#post(fields)
    return true
  }

  ping() {}

  close() {
    clearTimeout(this.timer)
    this.abort.abort()
  }

  // The answer comes by another way than on a socket, and is passed on in the same form.
  async #post({ message, client_id }) {
    const token = document.querySelector("[name=csrfmiddlewaretoken]").value
    const { you } = document.getElementById("room").dataset
    let answer = { type: "error", code: "unavailable", detail: "No connection.", client_id, retry_after: 2 }
    try {
      const response = await fetch(this.paths.messages, {
        method: "POST",
        headers: { Accept: "application/json", "X-CSRFToken": token },
        body: new URLSearchParams({ message, client_id, as: you }),
        signal: AbortSignal.timeout(10_000),
      })
      const body = await response.json()
      if (body.you) this.on.event({ type: "hello", you: body.you })
      answer = response.ok ? { type: "ack", client_id, seq: body.seq } : { ...body, client_id }
    } catch {
      // The answer was lost, perhaps the message too: the outbox sends it again under the same client_id.
    }
    this.on.event(answer)
  }

  // Gives up on a line on which nothing comes.
  alive(within) {
    clearTimeout(this.timer)
    this.timer = setTimeout(() => this.close(), within)
  }

  url(path, parameters) {
    const url = new URL(path, location.href)
    for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value)
    return url
  }
}

export class Events extends Fallback {
  async run() {
    this.alive(SILENCE)
    const response = await fetch(this.url(this.paths.events, { after: this.after }), { signal: this.abort.signal })
    if (!response.ok) return
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
    for (let text = ""; ; ) {
      const { done, value } = await reader.read()
      if (done) return
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
    this.on.event(event)
    if (event.type === "hello") this.on.opened()
  }
}

export class Poll extends Fallback {
  async run() {
    for (let wait = 0; ; wait = POLL_WAIT) {
      this.alive((wait + 8) * 1000)
      const response = await fetch(this.url(this.paths.poll, { after: this.after, wait }), { signal: this.abort.signal })
      if (!response.ok) return
      const { seq, events } = await response.json()
      for (const event of events) this.on.event(event)
      this.after = seq
      if (wait === 0) this.on.opened()
    }
  }
}
