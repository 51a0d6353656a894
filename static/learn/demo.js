// The page of a demo: its consoles, and that it was tried.

import { Frames } from "./frames.js"
import { HttpConsole } from "./http.js"
import { SocketConsole } from "./socket.js"
import { remember } from "./tried.js"

const demo = document.getElementById("demo").dataset.demo
if (demo === "the-room") remember(demo)

for (const section of document.querySelectorAll(".console")) {
  const frames = new Frames(section)
  const console = section.dataset.kind === "http" ? new HttpConsole(section, frames) : new SocketConsole(section, frames)
  const wrong = section.querySelector(".wrong")

  async function perform(action) {
    wrong.textContent = ""
    remember(demo)
    try {
      await action()
    } catch ({ message }) {
      wrong.textContent = message
    }
  }
  for (const form of section.querySelectorAll("form")) {
    form.addEventListener("submit", (event) => {
      event.preventDefault()
      perform(() => console[form.className]())
    })
  }
  for (const button of section.querySelectorAll(".try")) {
    button.addEventListener("click", () => perform(() => console.try(button.dataset)))
  }
}
