// A long press by finger on a message. A tap, a scroll, two fingers, and whatever has a press of its own (a link, a
// button, code, words that are selected) stay what they are.

const HOLD = 500 // milliseconds, as on the system
const STILL = 10 // pixels that a finger may move
const OWN = "a, button, input, textarea, pre, summary"

// `pressed(message)` is called while the finger is still down.
export function onLongPress(log, pressed) {
  let press = null // { message, x, y, timer }

  log.addEventListener("pointerdown", (event) => {
    const { pointerType, isPrimary, target, clientX: x, clientY: y } = event
    end()
    const message = pointerType === "touch" && isPrimary && !target.closest(OWN) && target.closest(".message[id^=m]")
    if (!message || !getSelection().isCollapsed) return
    message.classList.add("pressing")
    press = { message, x, y, timer: setTimeout(hold, HOLD) }
  })
  log.addEventListener("pointermove", ({ clientX, clientY }) => {
    if (press && Math.hypot(clientX - press.x, clientY - press.y) > STILL) end()
  })
  for (const type of ["pointerup", "pointercancel"]) document.addEventListener(type, end)
  // Where the system says so itself, it would also select a word and show a menu.
  log.addEventListener("contextmenu", (event) => {
    if (!press) return
    event.preventDefault()
    hold()
  })

  function hold() {
    const { message } = press
    end()
    getSelection().removeAllRanges()
    if (message.isConnected) pressed(message)
  }

  function end() {
    clearTimeout(press?.timer)
    press?.message.classList.remove("pressing")
    press = null
  }
}
