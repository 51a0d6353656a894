// The log of a console: a row for each frame and event, with time, direction, what it holds, kind and size.
// All consoles of a page have one clock: seconds since the first of them began.

const ARROWS = { in: "←", out: "→", event: "·" }
const NAMES = { in: "received", out: "sent", event: "event" }
const KEPT = 500
let begun

export class Frames {
  constructor(section) {
    const list = (this.list = section.querySelector(".frames"))
    const filter = section.querySelector(".filter")
    filter.addEventListener("change", () => (list.dataset.only = filter.value))
    list.dataset.only = filter.value // after a reload, the browser may have kept the choice
    section.querySelector(".clear").addEventListener("click", () => list.replaceChildren())
    const copy = section.querySelector(".copy")
    copy.addEventListener("click", async () => {
      copy.textContent = (await copied(this.#text())) ? "Copied" : "Not allowed"
      setTimeout(() => (copy.textContent = "Copy"), 2000)
    })
  }

  // `payload` is text, or an ArrayBuffer; `size` in bytes, unless there is nothing to measure.
  add(direction, kind, payload, size = undefined) {
    const row = document.createElement("div")
    row.className = direction
    row.append(
      part("time", seconds()),
      part("span", ARROWS[direction], "arrow", NAMES[direction]),
      part("code", typeof payload === "string" ? payload : hex(payload), "payload"),
      part("span", kind, "kind"),
      part("span", size === undefined ? "" : `${size.toLocaleString()} B`, "size"),
    )
    const atEnd = this.list.scrollHeight - this.list.scrollTop - this.list.clientHeight < 40
    this.list.append(row)
    if (this.list.children.length > KEPT) this.list.firstChild.remove()
    if (atEnd) this.list.scrollTop = this.list.scrollHeight
  }

  #text() {
    const shown = [...this.list.children].filter((row) => row.checkVisibility())
    return shown.map((row) => [...row.children].map((cell) => cell.textContent).join("\t")).join("\n")
  }
}

export function bytes(text) {
  const digits = text.replace(/\s+/g, "")
  if (!/^([0-9a-f]{2})*$/i.test(digits)) throw new Error("Two hexadecimal digits for each byte, such as 00 ff 7f.")
  return new Uint8Array((digits.match(/../g) ?? []).map((pair) => parseInt(pair, 16)))
}

const hex = (buffer) => Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0")).join(" ")

function seconds() {
  const now = performance.now()
  begun ??= now
  return ((now - begun) / 1000).toFixed(3)
}

function part(name, text, className = "", label = "") {
  const element = document.createElement(name)
  element.textContent = text
  if (className) element.className = className
  if (label) {
    element.title = label
    element.setAttribute("role", "img")
    element.setAttribute("aria-label", label)
  }
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
