// The staff's page is asked for again whenever the live feed says that there is something new.

import { gettext } from "../words.js"

const BACKOFF = 5_000

let newest = Number(page().dataset.newest)
let due = false

function page() {
  return document.getElementById("moderation")
}

function listen() {
  const url = new URL(page().dataset.socket, location.href)
  url.protocol = url.protocol.replace("http", "ws")
  url.searchParams.set("after", newest)
  const socket = new WebSocket(url, "chat.v1")
  socket.onmessage = ({ data }) => take(JSON.parse(data))
  socket.onclose = ({ code }) => {
    show(gettext("Not live. Trying again…"))
    if (code === 4401 || code === 4404) location.reload()
    else setTimeout(listen, 1_000 + Math.random() * BACKOFF)
  }
}

function take(event) {
  if (event.type === "hello") show(gettext("Live"))
  if (event.type !== "record" && event.type !== "report") return
  newest = Math.max(newest, event.id)
  if (!due) setTimeout(refresh, 200)
  due = true
}

// Not under the hands of somebody who is typing: then as soon as the field is left.
async function refresh() {
  if (page().contains(document.activeElement) && document.activeElement.matches("input:not([type=hidden])")) {
    document.activeElement.addEventListener("blur", refresh, { once: true })
    return
  }
  due = false
  await htmx.ajax("GET", location.pathname, { target: "#moderation", select: "#moderation", swap: "outerHTML" })
  show(gettext("Live"))
}

function show(state) {
  page().querySelector(".live").textContent = state
}

listen()
