// A person's card, at their disc or name in the log and in the list of people: write to them directly, mention them, block
// them. The menu of a message has the same rows. The log has one listener, and its messages nothing for this.

import { insert } from "../formatting.js"

const OTHERS = ".message[data-author^=user-]:not(.mine)"

export function install(room) {
  const template = document.getElementById("person")
  const element = template.content.firstElementChild
  let card = null // once it was opened
  let about = null // `{ person, back }`: whose card is open, and a function that finds what gets the focus after it

  room.timeline.element.addEventListener("click", ({ target }) => {
    const message = target.closest(".message > .disc, .author")?.closest(OTHERS)
    if (message) open({ person: author(message), back: () => document.getElementById(message.id) }, target)
  })
  room.on("person", ({ person, element, back }) => open({ person, back }, element))

  async function open(whom, beside) {
    const [{ FloatingMenu }, { dressed }] = await Promise.all([import("../floating.js"), import("../dressed.js")])
    await dressed(template)
    card ??= new FloatingMenu(element)
    about = whom
    element.ariaLabel = whom.person.name
    card.open(beside.getBoundingClientRect(), { closed: () => document.activeElement === document.body && whom.back()?.focus() })
  }

  element.addEventListener("click", ({ target }) => {
    const { emit } = target.closest("button")?.dataset ?? {}
    card.close()
    if (emit) room.emit({ type: emit, ...about })
  })

  // `message` where it comes from the menu of one.
  const personOf = ({ message, person = author(message) }) => person

  room.on("action:direct", (event) => location.assign(`/chat/@${encodeURIComponent(personOf(event).name)}/`))

  room.on("action:mention", (event) => {
    const { input } = room.composer
    input.focus()
    const before = input.value.slice(0, input.selectionStart)
    insert(input, `${/\S$/.test(before) ? " " : ""}@${personOf(event).name} `)
    room.completion.close()
  })

  room.on("action:block", async (event) => {
    const [{ ask }, { dressed }] = await Promise.all([import("../asking.js"), import("../dressed.js")])
    await dressed(template)
    const back = event.back ?? (() => event.byKeyboard && document.getElementById(event.message.id))
    const isDone = await ask(room, `/people/${personOf(event).id.replace("user-", "")}/`, back)
    const title = { target: ".head > .title", select: ".head > .title", swap: "outerHTML" }
    if (isDone && room.room.startsWith("~")) htmx.ajax("GET", room.paths.room, title) // it says who is blocked
  })
}

const author = (message) => ({ id: message.dataset.author, name: message.querySelector(".author").textContent })
