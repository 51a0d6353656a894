// By keyboard through the log: it is one Tab stop, the newest message or where one was last. Arrows go from message to
// message, Escape back to the field. What stands in a message is reached by Tab from there; what scrolls has its stop.

import { nextMessage, previousMessage } from "./timeline.js"

const INSIDE = "a[href], button, [tabindex]"

export function install({ timeline, composer, dress, on }) {
  const log = document.getElementById("chat-log")
  let current = null // the message that is the Tab stop
  let hadFocus = false

  function stopAt(message) {
    if (message === current) return
    if (current) setStops(current, -1)
    current = message
    log.tabIndex = message ? -1 : 0
    if (message) setStops(message, 0)
  }

  function newest() {
    return timeline.element.lastElementChild?.matches(".message:not([hidden])")
      ? timeline.element.lastElementChild
      : [...timeline.element.querySelectorAll(".message:not([hidden])")].at(-1) ?? null
  }

  // After a change: the stop may have gone, and the focus with it.
  function settle() {
    const isGone = current && !current.isConnected
    if (isGone) {
      const again = document.getElementById(current.id) ?? newest()
      const isLost = hadFocus && document.activeElement === document.body
      stopAt(again)
      if (isLost) (again ?? log).focus()
    } else if (!hadFocus) stopAt(newest())
  }

  dress((message) => message === current || setStops(message, -1))
  for (const type of ["message", "deleted", "tidy"]) on(type, settle)
  settle()

  log.addEventListener("focusin", ({ target }) => {
    hadFocus = true
    const message = target.closest(".message")
    if (message) stopAt(message)
  })
  log.addEventListener("focusout", ({ relatedTarget }) => (hadFocus = !relatedTarget))
  document.addEventListener("pointerdown", ({ target }) => (hadFocus &&= log.contains(target)))

  log.addEventListener("keydown", (event) => {
    if (event.key === "Escape") return composer.input.focus()
    const message = event.target.closest(".message") ?? current
    const goal = {
      ArrowUp: () => previousMessage(message),
      ArrowDown: () => nextMessage(message) ?? composer.input,
      Home: () => timeline.element.querySelector(".message:not([hidden])"),
      End: newest,
    }[event.key]?.()
    if (!goal || !message || event.altKey || event.ctrlKey || event.metaKey) return
    event.preventDefault()
    goal.focus()
  })
}

function setStops(message, tabIndex) {
  message.tabIndex = tabIndex
  for (const each of message.querySelectorAll(INSIDE)) {
    if (!each.closest("[role=toolbar], .state") && each.role !== "region") each.tabIndex = tabIndex
  }
}
