// The log that consoles share: a column for each, and a row for each moment. What comes to all of them at once is one row.

import { Log, arrow, asText, inBytes, part, seconds } from "./frames.js"

const AT_ONCE = 0.05 // seconds

export class Table extends Log {
  #recent = [] // rows that are not older than this
  #columns

  constructor(section, lanes) {
    super(section)
    this.#columns = lanes.map(({ dataset }) => dataset)
  }

  // Takes what one console adds, as `Frames` does.
  lane(column) {
    return { add: (...frame) => this.keep(() => this.#add(column, ...frame)) }
  }

  #add(column, direction, kind, payload, size) {
    const now = seconds()
    const text = asText(payload)
    const cell = this.#row(column, now, `${direction} ${kind} ${text}`).cells[column + 1].firstElementChild
    const about = [kind, inBytes(size)].filter((word) => word && direction !== "event" && word !== "text").join(" ")
    cell.className = direction
    cell.append(arrow(direction, this.#columns[column].name), part("code", text, "payload"))
    if (about) cell.append(part("small", about))
  }

  // The one of the same moment where another console has the same, with nothing of this console after it; or a new one.
  #row(column, now, said) {
    this.#recent = this.#recent.filter(({ at, row }) => now - at < AT_ONCE && row.isConnected)
    const own = this.#recent.findLastIndex(({ row }) => row.cells[column + 1].textContent)
    const same = this.#recent.slice(own + 1).find((other) => other.said === said)
    if (same) return same.row
    const row = this.rows.insertRow()
    const time = part("th", now.toFixed(3))
    time.scope = "row"
    row.append(time)
    for (const { of } of this.#columns) {
      const cell = row.insertCell()
      cell.dataset.of = of
      cell.append(document.createElement("div"))
    }
    this.#recent.push({ at: now, said, row })
    return row
  }

  textOf(cell) {
    const found = cell.querySelector("div")
    return found && !found.checkVisibility() ? "" : [...(found ?? cell).childNodes].map((node) => node.textContent).join(" ")
  }
}
