// Names after `@`, completed while one writes: those who spoke here last come first, then who is here, then the members.
// Guests cannot be mentioned.

import { disc } from "../disc.js"
import { icon } from "../icon.js"
import { gettext } from "../words.js"

const ASK_AGAIN = 60_000 // milliseconds after which members may have come and gone
const MOST_BEFORE = 7 // people before `@room`, so that it is seen
const AFTER_CJK = String.raw`[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Hangul}]`
const SIGN = new RegExp(String.raw`(?:(?<![\p{L}\p{M}\p{N}_])|(?<=${AFTER_CJK}))[@\uff20]([^@\uff20\n]{0,32})$`, "u")

const ago = new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: "auto" })

export function install({ completion, timeline, paths, on, you }) {
  const here = new Map() // names by id
  let members = new Members(paths.room)

  on("presence", ({ online, joined = [], left = [] }) => {
    if (online) here.clear()
    for (const { id, name } of [...(online ?? []), ...joined]) here.set(id, name)
    for (const { id } of left) here.delete(id)
  })

  completion.add({
    pattern: SIGN,
    async find(typed) {
      if (members.isOld) members = new Members(paths.room)
      const { people, everyone } = await members.find(typed)
      const known = new Map()
      const add = (id, name, detail) => {
        if (id.startsWith("user-") && id !== you.id && !known.has(id) && begins(name, typed)) known.set(id, { name, detail })
      }
      for (const { id, name, at } of speakers(timeline.element)) add(id, name, gettext("spoke {when}", { when: since(at) }))
      for (const [id, name] of here) add(id, name, gettext("is here"))
      for (const { id, name } of people) add(id, name, "")
      if ([...known.values()].some(({ name }) => `${folded(name)} ` === folded(typed))) return [] // it is complete
      const found = [...known].map(([id, { name, detail }]) => entry(name, detail, disc({ id, name }, "low")))
      if (!everyone || !begins(everyone, typed)) return found
      return [...found.slice(0, MOST_BEFORE), entry(everyone, gettext("everyone in this room"), icon("users"))]
    },
  })
}

// Asked for with what was typed, unless the first answer had all of them.
class Members {
  #path
  #answers = new Map()
  #since = Date.now()

  constructor(path) {
    this.#path = `${path}people/`
  }

  get isOld() {
    return Date.now() - this.#since > ASK_AGAIN
  }

  async find(typed) {
    const all = await this.#ask("")
    return all.is_all || this.#isVain(typed) ? all : this.#ask(typed)
  }

  // Where nobody's name begins with a part of it: one goes on writing after a name.
  #isVain(typed) {
    return [...this.#answers].some(([begun, { people }]) => begun && typed.startsWith(begun) && people?.length === 0)
  }

  async #ask(typed) {
    if (!this.#answers.has(typed)) this.#answers.set(typed, await this.#fetch(typed))
    return this.#answers.get(typed)
  }

  async #fetch(typed) {
    const nobody = { people: [], everyone: null, is_all: true }
    const response = await fetch(`${this.#path}?${new URLSearchParams({ q: typed })}`).catch(() => null)
    return response?.ok ? response.json() : nobody
  }
}

// Who said something that is loaded, the latest first.
function speakers(log) {
  const said = [...log.querySelectorAll(".message[id^=m]:not(.mine)")].reverse()
  return said.map((message) => ({
    id: message.dataset.author,
    name: message.querySelector(".author").textContent,
    at: new Date(message.querySelector("time").dateTime),
  }))
}

function since(at) {
  const minutes = Math.round((at - Date.now()) / 60_000)
  if (minutes > -60) return ago.format(minutes, "minute")
  return minutes > -1440 ? ago.format(Math.round(minutes / 60), "hour") : ago.format(Math.round(minutes / 1440), "day")
}

const entry = (name, detail, lead) => ({ text: `@${name} `, label: name, detail, lead })
const folded = (text) => text.normalize("NFKC").toLowerCase()

// The name, or a later word of it.
function begins(name, typed) {
  return folded(name).startsWith(folded(typed)) || folded(name).includes(` ${folded(typed)}`)
}
