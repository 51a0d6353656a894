// Tells the server that there is somebody at this browser: not at each press, but once in time before they would be
// taken for away, and when they are back. Input in one tab counts in all, since each shows another room.

import { stored } from "../draft.js"

const ACTIVE = 120_000 // as chat/presence/companion.py has it
const TELL_AFTER = 100_000 // since the server was told last
const NOTE_EVERY = 1_000
const CROWD = 100 // people; of more nobody is named
const KEY = "chat-input" // in this browser's storage: when there was input last

export function install({ connection, on }) {
  let last = Date.now() // when there was input
  let told = last // of which input the server knows: whoever comes is taken for active
  let timer = 0
  let isCrowd = false

  const note = () => {
    const now = Date.now()
    if (now - last < NOTE_EVERY) return
    last = now
    stored(() => (localStorage[KEY] = now))
    look()
  }
  for (const type of ["keydown", "pointerdown", "pointermove", "wheel", "touchmove"])
    addEventListener(type, note, { capture: true, passive: true })
  addEventListener("storage", ({ key, newValue }) => {
    if (key !== KEY || !(Number(newValue) > last)) return
    last = Number(newValue)
    look()
  })
  on("line", ({ state }) => {
    if (state === "open") Date.now() - last < ACTIVE ? look() : tell() // it may be another server, which cannot know
  })

  on("presence", ({ count }) => {
    isCrowd = count > CROWD
    look()
  })

  function look() {
    clearTimeout(timer)
    if (last === told || isCrowd) return
    const wait = told + TELL_AFTER - Date.now()
    if (wait > 0) timer = setTimeout(look, wait)
    else tell()
  }

  function tell() {
    if (connection.send({ type: "active", ago: Math.round((Date.now() - last) / 1000) })) told = last
  }
}
