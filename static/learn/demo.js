// The page of a demo: its consoles, and that it was tried.

import { Frames } from "./frames.js"
import { HttpConsole } from "./http.js"
import { SocketConsole } from "./socket.js"
import { Table } from "./table.js"
import { remember } from "./tried.js"

const demo = document.getElementById("demo").dataset.demo
if (demo === "the-room") remember(demo)

for (const section of document.querySelectorAll(".console")) {
  const lanes = [...section.querySelectorAll(".lane")]
  if (lanes.length) {
    const table = new Table(section, lanes)
    lanes.forEach((lane, column) => start(lane.dataset, table.lane(column)))
  } else start(section.dataset, new Frames(section))
}

// A console that shares a table has its parts in several places of the page.
function start({ of, kind }, frames) {
  const all = (selector) => [...document.querySelectorAll(`[data-of="${of}"] ${selector}`)]
  const console = kind === "http" ? new HttpConsole(all, frames) : new SocketConsole(all, frames)
  const [wrong] = all(".wrong")

  async function perform(action) {
    wrong.textContent = ""
    remember(demo)
    try {
      await action()
    } catch ({ message }) {
      wrong.textContent = message
    }
  }
  for (const form of all("form")) {
    form.addEventListener("submit", (event) => {
      event.preventDefault()
      perform(() => console[form.className]())
    })
  }
  for (const button of all(".try")) {
    button.addEventListener("click", () => perform(() => console.try(button.dataset)))
  }
}
