// The wire inspector: a drawer beside the room that shows the frames of this browser. Opened by #wire in the address.
// Nothing of it is loaded before, and closing it takes everything out again.

import { gettext, ngettext } from "../words.js"
import { Stages } from "./stages.js"
import { Tap } from "./tap.js"

const SHOWN = 200 // frames
const RUNGS = 24
const OFFLINE = 5_000
const WITHOUT_A_NUMBER = new Set([undefined, "hello", "ack", "pong", "reset", "error"]) // their seq is not their own

export function install(room) {
  if (!document.querySelector(".wire")) new Wire(room)
}

class Wire {
  #begun = performance.now()
  #asked = new Map() // when each client_id was sent
  #last = null // the last message that was sent
  #reconnects = -1
  #highest = null // number that came

  constructor(room) {
    this.room = room
    this.tap = new Tap((direction, text, transport) => this.#took(direction, text, transport))
    this.stages = new Stages(this.tap.untapped("/ws/stages/"))
    this.element = element("aside", { className: "wire", ariaLabel: gettext("The wire") })
    const style = element("link", { rel: "stylesheet", href: new URL("wire.css", import.meta.url) })
    this.state = element("p", { className: "small quiet", role: "status" }) // a line that breaks and comes back is heard
    this.ladder = element("ol", { className: "ladder", role: "list", ariaLabel: gettext("Numbers that came, in their order") })
    this.frames = element("ol", { className: "wire-frames", role: "list", ariaLabel: gettext("Frames") })
    this.frames.tabIndex = 0
    const buttons = element("div", { className: "buttons" })
    for (const [label, act] of this.#acts()) buttons.append(button(label, act))
    const header = element("header", {})
    header.append(element("h2", { textContent: gettext("The wire") }), button(gettext("Close"), () => this.close()))
    this.element.append(style, header, this.state, buttons, heading(gettext("Numbers")), this.ladder, this.stages.element, heading(gettext("Frames")), this.frames)
    document.body.append(this.element)
    this.escape = ({ key }) => key === "Escape" && this.element.contains(document.activeElement) && this.close()
    document.addEventListener("keydown", this.escape)
    this.deaf = room.on("opened", () => this.#opened())
    header.querySelector("button").focus()
    room.connection.again() // so that the frames of this line are seen
  }

  #acts() {
    const { connection } = this.room
    return [
      [gettext("Cut my line"), () => this.tap.cut()],
      [gettext("Offline for 5 s"), () => this.#only([], OFFLINE)],
      [gettext("Send again with the same id"), () => this.#last && connection.send(this.#last)],
      [gettext("Come back from n − 3"), () => ((connection.seq = Math.max(0, connection.seq - 3)), connection.again())],
      [gettext("Use a WebSocket"), () => this.#only(["websocket", "events", "poll"])],
      [gettext("Use SSE"), () => this.#only(["events", "poll"])],
      [gettext("Use poll"), () => this.#only(["poll"])],
    ]
  }

  // Denies the other transports from now on, or for some milliseconds, in which nothing can be posted either.
  #only(transports, milliseconds = 0) {
    const denied = ["websocket", "events", "poll"].filter((each) => !transports.includes(each))
    this.tap.denied = new Set(milliseconds ? [...denied, "post"] : denied)
    this.tap.cut()
    clearTimeout(this.offline)
    if (milliseconds) this.offline = setTimeout(() => this.#only(["websocket", "events", "poll"]), milliseconds)
    else this.room.connection.open()
  }

  #opened() {
    this.#reconnects++
    const { transport } = document.querySelector(".connection").dataset
    const again = Math.max(0, this.#reconnects)
    this.state.textContent = `${transport} · ${ngettext("{count} reconnect", "{count} reconnects", again)}`
  }

  #took(direction, text, transport) {
    let frame
    try {
      frame = JSON.parse(text)
    } catch {
      frame = text
    }
    const events = [frame?.events ?? frame].flat()
    const isAnswer = direction === "in" && transport === "post" // what an `ack` is on a socket
    for (const event of events) if (!isAnswer) this.#noted(direction, event)
    const at = ((performance.now() - this.#begun) / 1000).toFixed(3)
    const bytes = new TextEncoder().encode(text).length
    const kinds = isAnswer ? "answer" : [...new Set(events.map((event) => event?.type ?? "frame"))].join(", ")
    const row = element("details", { className: direction })
    const arrow = direction === "in" ? "←" : "→"
    const answers = events.filter((event) => direction === "in" && (isAnswer || ["ack", "error"].includes(event?.type)))
    const took = answers.map((event) => this.#milliseconds(event)).find(Boolean) ?? ""
    row.append(element("summary", { textContent: `${at} ${arrow} ${kinds} · ${bytes} B · ${transport}${took}` }))
    row.addEventListener("toggle", () => row.querySelector("pre") ?? row.append(tree(frame)), { once: true })
    const item = element("li", {})
    item.append(row)
    this.frames.prepend(item)
    while (this.frames.children.length > SHOWN) this.frames.lastChild.remove()
  }

  #noted(direction, event) {
    if (direction === "out" && event?.client_id) {
      this.#asked.set(event.client_id, performance.now())
      if (event.message !== undefined) this.#last = { type: "message", message: event.message, client_id: event.client_id }
    }
    if (direction === "in" && event?.seq && !WITHOUT_A_NUMBER.has(event.type)) this.#rung(event.seq)
  }

  // From sending to the answer.
  #milliseconds(event) {
    const asked = this.#asked.get(event?.client_id)
    if (!asked) return ""
    const [count, id] = [Math.round(performance.now() - asked), event.client_id.slice(0, 8)]
    return ` · ${gettext("{count} ms after {id}", { count, id })}`
  }

  #rung(seq) {
    const before = this.#highest ?? seq - 1
    if (seq > before + 1) this.#step(gettext("{numbers} not seen", { numbers: `${before + 1}–${seq - 1}` }), "gap")
    this.#step(seq <= before ? gettext("{number} again", { number: seq }) : `${seq}`, seq <= before ? "again" : "")
    this.#highest = Math.max(seq, before)
  }

  #step(text, className) {
    this.ladder.append(element("li", { textContent: text, className }))
    while (this.ladder.children.length > RUNGS) this.ladder.firstChild.remove()
  }

  close() {
    clearTimeout(this.offline)
    this.deaf()
    this.tap.denied.clear()
    this.tap.remove()
    this.stages.close()
    document.removeEventListener("keydown", this.escape)
    this.element.remove()
    history.replaceState(history.state, "", location.pathname + location.search)
    this.room.connection.again() // a line that nobody listens to
    document.getElementById("chat-message-input").focus()
  }
}

// The frame, with its `html` folded away.
function tree(frame) {
  const short = (html) => gettext("… {count} characters", { count: String(html).length })
  const folded = JSON.stringify(frame, (name, value) => (name === "html" ? short(value) : value), 1)
  return element("pre", { textContent: folded })
}

function element(name, properties) {
  return Object.assign(document.createElement(name), properties)
}

function heading(text) {
  return element("h3", { textContent: text })
}

function button(label, act) {
  const made = element("button", { type: "button", className: "button plain little", textContent: label })
  made.addEventListener("click", act)
  return made
}
