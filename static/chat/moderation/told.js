// What one is told who is muted, slowed down or banned: in the line above the field, with what was written kept.

import { banned, muted, slowMode } from "./strings.js"

export function install(room) {
  const { notice, outbox, composer, on } = room
  let end = 0 // the clock that ends what is said of a mute

  on("error", (event) => told[event.reason]?.(event))

  const told = {
    muted({ client_id, retry_after }) {
      if (client_id && !composer.input.value) composer.putBack(outbox.discard(client_id))
      notice.say("muted", { kind: "may", text: muted(momentIn(retry_after)) })
      clearTimeout(end)
      if (retry_after < 86_400) end = setTimeout(() => notice.clear("muted"), retry_after * 1000)
    },
    slow_mode({ retry_after = 1 }) {
      notice.say("waiting", { kind: "may", until: Date.now() + retry_after * 1000, text: slowMode })
    },
    banned({ retry_after }) {
      const text = banned(momentIn(retry_after))
      notice.say("banned", { kind: "wrong", text })
      composer.input.readOnly = true
    },
  }

  on("ack", () => notice.clear("muted")) // lifted
}

const momentIn = (seconds) => (seconds ? new Date(Date.now() + seconds * 1000) : null)
