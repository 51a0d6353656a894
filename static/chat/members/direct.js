// Names in the form for a direct room, completed while one types: of accounts that one may know of.

import { Completion } from "../completion.js"
import { disc } from "../disc.js"

const ASK_AFTER = 120 // milliseconds without a key
const NAME = /(?<=(?:^|[,，、;；])\s*)([^\s,，、;；][^,，、;；]*)$/u

const input = document.getElementById("new-with")
const answers = new Map() // by what was typed

new Completion({ input }).add({
  pattern: NAME,
  async find(typed) {
    await new Promise((resolve) => setTimeout(resolve, ASK_AFTER))
    if (input.value.match(NAME)?.[1] !== typed) return []
    if (!answers.has(typed)) answers.set(typed, ask(typed))
    const people = await answers.get(typed)
    const named = input.value.split(/[,，、;；]/u).slice(0, -1).map((name) => name.trim())
    return people.filter(({ name }) => !named.includes(name) && name !== typed).map(entry)
  },
})

async function ask(typed) {
  const response = await fetch(`/rooms/find/?${new URLSearchParams({ q: typed.replace(/^@/, "") })}`).catch(() => null)
  return response?.ok ? (await response.json()).people : []
}

const entry = ({ id, name }) => ({ text: `${name}, `, label: name, detail: "", lead: disc({ id, name }, "low") })
