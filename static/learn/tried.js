// What was tried in this browser: marked on the map, which says where to go on.

const KEY = "learn:tried"

function read(key) {
  try {
    return JSON.parse(localStorage[key] ?? "[]")
  } catch {
    return [] // storage may be forbidden, or hold what others wrote
  }
}

export function remember(demo) {
  const tried = new Set(read(KEY)).add(demo)
  try {
    localStorage[KEY] = JSON.stringify([...tried])
  } catch {
    // then it is forgotten
  }
}

const opened = document.querySelector("[data-tried]") // a page that counts once it is opened
if (opened) remember(opened.dataset.demo)

const tried = new Set(read(KEY))
for (const link of document.querySelectorAll("a[data-demo]")) {
  if (!tried.has(link.dataset.demo)) continue
  const said = Object.assign(document.createElement("span"), { className: "tried", textContent: link.dataset.said ?? "tried" })
  if (link.matches(".entry")) link.append(said)
  else link.after(" ", said)
  link.closest(".path li")?.classList.add("done")
}

for (const progress of document.querySelectorAll(".progress")) {
  const { of, count, said } = progress.dataset
  const names = of === "demos" ? document.querySelectorAll(".themes a") : document.querySelectorAll(".exercises a")
  const done = [...names].filter((link) => tried.has(link.dataset.demo)).length
  if (!done) continue
  const bar = Object.assign(document.createElement("progress"), { value: done, max: Number(count), ariaLabel: `${done} of ${count}` })
  progress.replaceChildren(`${done} of ${count} ${said}`, bar)
}

const guessed = document.querySelector(".guessed")
const guesses = Object.keys(read("learn:guesses")).length
if (guessed && guesses) guessed.textContent = `${guesses} of 10`

const goOn = document.querySelector(".go-on")
const last = goOn && [...document.querySelectorAll(".path .done")].at(-1)
if (last) {
  const next = last.nextElementSibling
  const [button, where] = goOn.children
  if (next) {
    const link = next.querySelector("h3 a")
    next.classList.add("now")
    button.href = link.href
    button.textContent = `Go on: ${link.textContent}`
    where.textContent = `Step ${next.querySelector(".stop").textContent} of ${goOn.dataset.last}`
  } else {
    button.href = "#exercises"
    button.textContent = "Go on: the exercises"
    where.textContent = "The path is done."
  }
}
