// The log of a console: a row for each frame and event, with time, direction, what it holds, kind and size.
// All consoles of a page have one clock: seconds since the first of them began.

const ARROWS = { in: "←", out: "→", event: "·" }
const NAMES = { in: "received", out: "sent", event: "event" }
const KEPT = 500
let begun

// What every log can: be filtered, cleared and copied, and show its end.
export class Log {
  constructor(section) {
    const list = (this.list = section.querySelector(".frames"))
    this.rows = list.querySelector("tbody") ?? list
    const filter = section.querySelector(".filter")
    filter.addEventListener("change", () => (list.dataset.only = filter.value))
    list.dataset.only = filter.value // after a reload, the browser may have kept the choice
    section.querySelector(".clear").addEventListener("click", () => this.rows.replaceChildren())
    const copy = section.querySelector(".copy")
    copy.addEventListener("click", async () => {
      copy.textContent = (await copied(this.#text())) ? "Copied" : "Not allowed"
      setTimeout(() => (copy.textContent = "Copy"), 2000)
    })
  }

  // `write` adds something, at the end or a little before it; what the reader looks at stays in sight.
  keep(write) {
    const { list, rows } = this
    const atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 40
    write()
    if (rows.children.length > KEPT) rows.firstChild.remove()
    if (atEnd) list.scrollTop = list.scrollHeight
  }

  #text() {
    const shown = [...this.rows.children].filter((row) => row.checkVisibility())
    return shown.map((row) => [...row.children].map((cell) => this.textOf(cell)).join("\t")).join("\n")
  }

  textOf(cell) {
    return cell.textContent
  }
}

export class Frames extends Log {
  // `payload` is text, or an ArrayBuffer; `size` in bytes, unless there is nothing to measure.
  add(direction, kind, payload, size = undefined) {
    const row = document.createElement("div")
    row.className = direction
    row.append(
      part("time", seconds().toFixed(3)),
      arrow(direction),
      part("code", asText(payload), "payload"),
      part("span", kind, "kind"),
      part("span", inBytes(size), "size"),
    )
    this.keep(() => this.rows.append(row))
  }
}

export function bytes(text) {
  const digits = text.replace(/\s+/g, "")
  if (!/^([0-9a-f]{2})*$/i.test(digits)) throw new Error("Two hexadecimal digits for each byte, such as 00 ff 7f.")
  return new Uint8Array((digits.match(/../g) ?? []).map((pair) => parseInt(pair, 16)))
}

const hex = (buffer) => Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0")).join(" ")
export const asText = (payload) => (typeof payload === "string" ? payload : hex(payload))
export const inBytes = (size) => (size === undefined ? "" : `${size.toLocaleString()} B`)

export function seconds() {
  const now = performance.now()
  begun ??= now
  return (now - begun) / 1000
}

export function part(name, text, className = "") {
  const element = document.createElement(name)
  element.textContent = text
  if (className) element.className = className
  return element
}

// `who`, where several share a log, since a screen reader hears no column of it.
export function arrow(direction, who = "") {
  const element = part("span", ARROWS[direction], "arrow")
  element.title = NAMES[direction]
  element.setAttribute("role", "img")
  element.setAttribute("aria-label", `${who} ${NAMES[direction]}`.trim())
  return element
}

async function copied(text) {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return false // on HTTP from another machine, or forbidden
  }
}
