// The server's half, with DEBUG: how far one's last message came in the process that answers, and when.
// Over a WebSocket of its own, beside whichever transport the room uses.

import { gettext } from "../words.js"

export class Stages {
  // `socket` is not one that the inspector listens to.
  constructor(socket) {
    this.element = Object.assign(document.createElement("section"), { hidden: true })
    this.socket = socket
    socket.addEventListener("message", ({ data }) => this.#took(JSON.parse(data)))
  }

  #took({ type, ms, batch, seq, outcome }) {
    if (type !== "watching" && type !== "stages") return // without DEBUG there is no such address
    this.element.hidden = false
    if (type === "watching") return this.#show([], gettext("Say something, and here is what the server did with it."))
    const together = gettext("batch of {count}", { count: batch })
    const rungs = [[0, gettext("submitted")], [ms.batch, together], [ms.committed, gettext("committed")]]
    if (outcome === "stored") rungs.push([ms.fed, gettext("fed")], [ms.published, gettext("published")])
    this.#show(rungs, told(outcome, seq, ms))
  }

  #show(rungs, text) {
    const list = Object.assign(document.createElement("ol"), { className: "ladder stages", role: "list", ariaLabel: gettext("Milliseconds on the server") })
    for (const [at, name] of rungs) {
      const rung = Object.assign(document.createElement("li"), { textContent: at?.toFixed(1) ?? "–" })
      rung.append(Object.assign(document.createElement("small"), { textContent: name }))
      list.append(rung)
    }
    const heading = Object.assign(document.createElement("h3"), { textContent: gettext("On the server, for your last message") })
    const note = Object.assign(document.createElement("p"), { className: "small quiet", textContent: text })
    this.element.replaceChildren(heading, ...(rungs.length ? [list] : []), note)
  }

  close() {
    this.socket.close()
  }
}

function told(outcome, seq, { published }) {
  if (outcome === "repeated") return gettext("Stored before, as number {seq}. Nothing was stored this time.", { seq })
  if (outcome !== "stored") return gettext("Refused: {outcome}. Nothing was stored.", { outcome })
  if (published === undefined) return gettext("Number {seq}, in milliseconds. A dash: not yet, or never, as with the in-memory layer, which reaches no other process.", { seq })
  return gettext("Number {seq}, in milliseconds.", { seq })
}
