// Who is writing: one's own sign of it while the field changes, and the names of the others above the field.

import { gettext, ngettext } from "../words.js"

const SIGN_EVERY = 3_000
const SHOWN_FOR = 6_000
const CROWD = 100 // people; in a room with more nobody is shown as writing
const NAMED = 2 // at once; the others are counted

export function install(room) {
  const writing = new Map() // by id: their name, and the timer after which they are not shown any more
  let people = 0
  let last = 0

  room.composer.input.addEventListener("input", ({ target }) => {
    const isCommand = /^\/(?!\/)/.test(target.value)
    if (!target.value.trim() || isCommand || people > CROWD || Date.now() - last < SIGN_EVERY) return
    last = Date.now()
    room.connection.send({ type: "typing" })
  })

  room.on("typing", ({ author: { id, name } }) => {
    if (id === room.you.id) return
    clearTimeout(writing.get(id)?.timer)
    writing.set(id, { name, timer: setTimeout(() => stops(id), SHOWN_FOR) })
    show()
  })
  room.on("message", ({ author, id, seq }) => id === seq && stops(author.id))
  room.on("presence", ({ count, left = [] }) => {
    people = count
    for (const { id } of left) stops(id)
  })
  room.on("ack", () => (last = 0)) // the next message is a new one

  function stops(id) {
    clearTimeout(writing.get(id)?.timer)
    if (writing.delete(id)) show()
  }

  function show() {
    const names = [...writing.values()].map(({ name }) => `\u2068${name}\u2069`) // each in its own direction
    if (names.length) room.notice.say("typing", { kind: "typing", text: sentence(names) })
    else room.notice.clear("typing")
  }
}

function sentence(names) {
  const others = names.length - NAMED
  const [one, other] = names
  if (names.length === 1) return gettext("{one} is typing", { one })
  if (others < 1) return gettext("{one} and {other} are typing", { one, other })
  return ngettext("{one}, {other} and {count} other are typing", "{one}, {other} and {count} others are typing", others, { one, other })
}
