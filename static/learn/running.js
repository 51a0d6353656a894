// The lab while it runs: draws what the sandbox says, and asks it for words and faults.

import { ours } from "./address.js"

const lab = document.querySelector(".running")
const told = lab.querySelector(".told")
const buttons = [...lab.querySelectorAll("button")]
const signs = Object.fromEntries([...lab.querySelectorAll(".key [data-kind]")].map((sign) => [sign.dataset.kind, sign]))

const url = ours("/ws/learn/failures/")
url.protocol = location.protocol.replace("http", "ws")
const socket = new WebSocket(url)
socket.addEventListener("message", ({ data }) => take(JSON.parse(data)))
socket.addEventListener("close", ({ code }) => {
  for (const button of buttons) button.disabled = true
  if (code === 1006) told.textContent = "The server has gone. Load the page again."
})

const ask = (frame) => socket.send(JSON.stringify(frame))

let lasting // the fault that was told of

function take(event) {
  if (event.type === "error") told.textContent = event.text
  else show(event)
}

function show({ fault, words, lanes, reads, lost }) {
  for (const button of buttons) button.disabled = false
  lab.querySelectorAll("thead th[scope]").forEach((head, place) => (head.textContent = words[place]?.[0] ?? place + 1))
  for (const [lane, readers] of Object.entries(lanes)) {
    for (const [reader, kinds] of Object.entries(readers)) {
      const cells = lab.querySelectorAll(`[data-lane="${lane}"] [data-reader="${reader}"] td`)
      cells.forEach((cell, place) => draw(cell, kinds[place], words[place]?.[1]))
    }
    lab.querySelector(`[data-reads="${lane}"]`).textContent = reads[lane]
    lab.querySelector(`[data-lost="${lane}"]`).textContent = lost[lane]
  }
  for (const button of lab.querySelectorAll("[data-fault]")) {
    button.setAttribute("aria-pressed", button.dataset.fault === fault)
    button.disabled = Boolean(fault)
  }
  if (fault === lasting) return
  lasting = fault
  const broken = lab.querySelector(`[data-fault="${fault}"]`)
  told.textContent = broken ? `${broken.textContent}: now, or with the next word.` : "All is well."
}

// Only what is new: a screen reader would read a cell that is written again.
function draw(cell, kind = "", word = "") {
  if (cell.className === kind && cell.dataset.word === word) return
  cell.className = kind
  cell.dataset.word = word
  const sign = signs[kind]
  if (!sign) return cell.replaceChildren()
  const said = Object.assign(document.createElement("span"), { className: "visually-hidden", textContent: sign.dataset.said })
  const text = Object.assign(document.createElement("b"), { textContent: kind === "lost" ? "" : word })
  cell.replaceChildren(sign.firstElementChild.cloneNode(true), said, text)
}

lab.querySelector(".sentence").addEventListener("click", () => ask({ sentence: true }))
lab.querySelector(".say").addEventListener("submit", (event) => {
  event.preventDefault()
  const { word } = event.target.elements
  if (word.value.trim()) ask({ say: word.value })
  word.value = ""
})
for (const button of lab.querySelectorAll("[data-fault]")) {
  button.addEventListener("click", () => ask({ fault: button.dataset.fault }))
}
