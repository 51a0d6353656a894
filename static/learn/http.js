// A console for HTTP: the request, the head of the answer, and its body as it arrives.

import { ours } from "./address.js"

export class HttpConsole {
  #aborting = null

  // `all` gives its elements by a selector.
  constructor(all, frames) {
    this.frames = frames
    this.forms = Object.fromEntries(all("form").map((form) => [form.className, form]))
    ;[this.state] = all(".state")
    ;[this.leave] = all(".leave")
  }

  // Each form is done by the method of its name.

  async address() {
    const url = ours(this.forms.address.elements.path.value)
    url.protocol = location.protocol
    this.#aborting?.abort()
    const aborting = (this.#aborting = new AbortController())
    const { path, method } = this.forms.address.elements
    const body = method.value === "POST" ? this.forms.goodbye.elements.body.value : undefined
    this.frames.add("out", method.value, path.value + (body ? `\n\n${body}` : ""), body ? new Blob([body]).size : undefined)
    this.#state("waiting")
    try {
      const answer = await fetch(url, { method: method.value, body, signal: aborting.signal, cache: "no-store" })
      const headers = [...answer.headers].map(([name, value]) => `${name}: ${value}`).join("\n")
      this.frames.add("in", "head", `${answer.status} ${answer.statusText}\n${headers}`.trim())
      await this.#read(answer)
      this.frames.add("event", "end", "the answer is complete")
    } catch (error) {
      this.frames.add("event", "end", error.name === "AbortError" ? "aborted" : `failed: ${error.message}`)
    }
    if (aborting === this.#aborting) this.#state("idle")
  }

  async #read(answer) {
    const decoder = new TextDecoder()
    const reader = answer.body?.getReader()
    for (let part = await reader?.read(); part && !part.done; part = await reader.read()) {
      this.frames.add("in", "body", decoder.decode(part.value, { stream: true }), part.value.length)
    }
  }

  goodbye() {
    this.#aborting?.abort()
  }

  async try({ method, send }) {
    this.forms.address.elements.method.value = method
    this.forms.goodbye.elements.body.value = send
    await this.address()
  }

  #state(text) {
    this.state.textContent = text
    this.leave.disabled = text === "idle"
  }
}
