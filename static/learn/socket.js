// A console for a WebSocket: connects, sends and closes on request, and shows what happens.

import { ours } from "./address.js"
import { bytes } from "./frames.js"

// A browser says no more than this number. What it can mean is tested in learn/tests/test_close_codes.py.
const NO_GOODBYE =
  "no goodbye: refused, no route, an exception in the consumer, a subprotocol that was not chosen, or the line broke"
const CODES = { 1000: "normal", 1001: "going away", 1005: "no code", 1006: NO_GOODBYE }

export class SocketConsole {
  #socket = null
  #opening = null // while it is
  #tried = null // the address of a prepared frame, not typed by anybody
  #offered = null // its subprotocols

  // `all` gives its elements by a selector.
  constructor(all, frames) {
    this.frames = frames
    this.forms = Object.fromEntries(all("form").map((form) => [form.className, form]))
    ;[this.state] = all(".state")
    this.buttons = Object.fromEntries(["open", "leave", "say"].map((name) => [name, all(`.${name}`)[0]]))
    this.forms.frame.elements.frame.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return // 229: Safari
      event.preventDefault()
      if (this.#isOpen) this.forms.frame.requestSubmit()
    })
  }

  // Each form is done by the method of its name.

  // Opens a connection, closing the one before; resolves when it is open, or could not be opened.
  address() {
    const { path, protocols } = this.forms.address.elements
    const names = protocols.value.split(",").map((name) => name.trim()).filter(Boolean)
    const url = ours(path.value)
    url.protocol = location.protocol === "https:" ? "wss:" : "ws:"
    const socket = new WebSocket(url, names) // throws where a name is none; the connection before is kept then
    this.#socket?.close()
    socket.binaryType = "arraybuffer"
    this.#socket = socket
    this.frames.add("event", "connect", path.value + (names.length ? `, offers ${names.join(", ")}` : ""))
    this.#state("connecting")
    this.#opening = new Promise((resolve) => {
      socket.addEventListener("open", () => {
        this.frames.add("event", "open", socket.protocol ? `speaks ${socket.protocol}` : "open")
        if (socket === this.#socket) this.#state("connected")
        resolve()
      })
      socket.addEventListener("message", ({ data }) => {
        const isText = typeof data === "string"
        this.frames.add("in", isText ? "text" : "binary", data, isText ? sizeOf(data) : data.byteLength)
      })
      socket.addEventListener("close", ({ code, reason, wasClean }) => {
        const why = reason || CODES[code] || ""
        this.frames.add("event", "close", `closed ${code}${why && ` (${why})`}${wasClean ? "" : ", not cleanly"}`)
        if (socket === this.#socket) this.#state("not connected")
        resolve()
      })
      socket.addEventListener("error", () => {
        // "close" follows, except where the browser has forbidden the address: then this is all that comes.
        setTimeout(() => {
          if (socket === this.#socket && socket.readyState !== WebSocket.OPEN) this.#state("not connected")
          resolve()
        }, 1000)
      })
    }).then(() => {
      if (socket === this.#socket) this.#opening = null
    })
    return this.#opening
  }

  goodbye(code = Number(this.forms.goodbye.elements.code.value)) {
    if (code !== 1000 && !(code >= 3000 && code <= 4999)) {
      throw new Error("A browser may close with 1000, or with 3000 to 4999.")
    }
    this.#socket?.close(code)
  }

  frame() {
    const { frame, as } = this.forms.frame.elements
    if (as.value === "json") JSON.parse(frame.value) // says what is wrong with it
    this.#send(frame.value, as.value)
    frame.value = ""
  }

  async try({ path, protocols, send, kind, close }) {
    const { elements } = this.forms.address
    const isOther = (path && path !== elements.path.value) || (protocols && protocols !== elements.protocols.value)
    if (path) elements.path.value = this.#tried = path
    else if (elements.path.value === this.#tried) elements.path.value = elements.path.defaultValue
    if (protocols) elements.protocols.value = this.#offered = protocols
    else if (elements.protocols.value === this.#offered) elements.protocols.value = elements.protocols.defaultValue
    if (this.#opening && !isOther) await this.#opening
    else if (isOther || !this.#isOpen || !(send || Number(close))) await this.address()
    if (!this.#isOpen) return
    if (send) this.#send(send, kind)
    if (Number(close)) this.goodbye(Number(close))
  }

  #send(text, kind) {
    const data = kind === "binary" ? bytes(text) : text
    this.#socket.send(data)
    const isBinary = kind === "binary"
    this.frames.add("out", isBinary ? "binary" : "text", isBinary ? data.buffer : text, isBinary ? data.length : sizeOf(text))
  }

  get #isOpen() {
    return this.#socket?.readyState === WebSocket.OPEN
  }

  #state(text) {
    this.state.textContent = text
    const { open, leave, say } = this.buttons
    say.disabled = !this.#isOpen
    leave.disabled = text === "not connected" // also while it connects, which may take for ever
    open.textContent = this.#isOpen ? "Connect again" : "Connect"
  }
}

const sizeOf = (text) => new TextEncoder().encode(text).length
