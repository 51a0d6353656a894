// The page of an exercise follows the learner's file: when that is saved, it shows it as it is now, connects again, and
// runs its test.

import { ours } from "./address.js"
import { remember } from "./tried.js"

const AGAIN = 1000 // milliseconds: the server may be starting again

const demo = document.getElementById("demo").dataset.demo
const said = document.querySelector(".saved")
const form = document.querySelector(".tested form")
const status = form.querySelector("[role=status]")
let running // the answer to a test that has not ended
let isOld = false // it tests what was saved over meanwhile

function watch() {
  const url = ours(`/ws/learn/exercises/${demo.split("-")[1]}/saved/`)
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
  for (const state of document.querySelectorAll(".state")) {
    const { of } = state.closest("[data-of]").dataset
    if (state.textContent === "connected") document.getElementById(`address-${of}`).requestSubmit()
  }
  try {
    await show(fetch(location.pathname))
  } catch {
    return // the server is starting again
  }
  const clock = new Date().toLocaleTimeString([], { hour12: false })
  said.textContent = `Saved, and running since ${clock} (${Math.round(performance.now() - begun)} ms).`
  if (running) isOld = true
  else test()
}

async function show(answer) {
  const response = await answer
  if (!response.ok) throw new Error(response.statusText)
  const page = new DOMParser().parseFromString(await response.text(), "text/html")
  for (const part of [".edited", ".verdicts"]) document.querySelector(part).replaceWith(page.querySelector(part))
  return page
}

async function test() {
  isOld = false
  status.textContent = "It runs…"
  try {
    running = fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) })
    const page = await show(running)
    const outcome = document.querySelector(".verdicts .spread b, .verdicts > .wrong")
    status.textContent = outcome.textContent
    if (outcome.matches(".green")) solved(page)
  } catch {
    status.textContent = "The server does not answer."
  }
  running = undefined
  if (isOld) test()
}

function solved(page) {
  remember(demo.replace("exercise", "solved"))
  document.querySelector(".solution").replaceWith(page.querySelector(".solution"))
}

form.addEventListener("submit", (event) => {
  event.preventDefault()
  if (!running) test()
})
watch()
