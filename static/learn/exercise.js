// The page of an exercise follows the learner's file: when that is saved, it shows it as it is now and connects again.

import { ours } from "./address.js"

const AGAIN = 1000 // milliseconds: the server may be starting again

const number = document.getElementById("demo").dataset.demo.split("-")[1]
const said = document.querySelector(".saved")

function watch() {
  const url = ours(`/ws/learn/exercises/${number}/saved/`)
  url.protocol = location.protocol.replace("http", "ws")
  const socket = new WebSocket(url)
  let isOpen = false
  socket.onopen = () => {
    isOpen = true
    said.textContent ||= "Your file is watched: save it, and it runs here."
  }
  socket.onmessage = () => saved()
  socket.onclose = () => setTimeout(watch, isOpen ? AGAIN : 5 * AGAIN)
}

async function saved() {
  const begun = performance.now()
  for (const section of document.querySelectorAll(".console")) {
    if (section.querySelector(".state").textContent === "connected") section.querySelector("form.address").requestSubmit()
  }
  const page = new DOMParser().parseFromString(await (await fetch(location.pathname)).text(), "text/html")
  document.querySelector(".edited").replaceWith(page.querySelector(".edited"))
  const clock = new Date().toLocaleTimeString([], { hour12: false })
  said.textContent = `Saved, and running since ${clock} (${Math.round(performance.now() - begun)} ms).`
}

watch()
