// Which demos were tried in this browser: marked on the map.

const KEY = "learn:tried"

function read() {
  try {
    return new Set(JSON.parse(localStorage[KEY] ?? "[]"))
  } catch {
    return new Set() // storage may be forbidden, or hold what others wrote
  }
}

export function remember(demo) {
  const tried = read().add(demo)
  try {
    localStorage[KEY] = JSON.stringify([...tried])
  } catch {
    // then it is forgotten
  }
}

const read_here = document.querySelector("[data-tried]") // a page that counts once it is opened
if (read_here) remember(read_here.dataset.demo)

const tried = read()
for (const link of document.querySelectorAll("a[data-demo]")) {
  if (!tried.has(link.dataset.demo)) continue
  link.insertAdjacentHTML("afterend", ` <span class="tried">${link.dataset.said ?? "tried"}</span>`)
  link.closest(".path li")?.classList.add("done")
}
const progress = document.querySelector(".progress")
if (progress && tried.size) {
  const slugs = new Set([...document.querySelectorAll(".demos a")].map((link) => link.dataset.demo))
  const done = [...tried].filter((slug) => slugs.has(slug)).length
  progress.textContent = `${done} of ${progress.dataset.count} tried in this browser.`
}
