// The score: which faults were guessed, in this browser. What is shown after a guess needs no script.

const KEY = "learn:guesses"

function read() {
  try {
    return JSON.parse(localStorage[KEY] ?? "{}")
  } catch {
    return {} // storage may be forbidden, or hold what others wrote
  }
}

function show(guesses) {
  const lost = [0, 0]
  let right = 0
  for (const link of document.querySelectorAll(".faults a")) {
    const guess = guesses[link.dataset.fault]
    if (!guess) continue
    link.dataset.lost.split(" ").forEach((count, lane) => (lost[lane] += Number(count)))
    right += guess === "right"
    const said = link.querySelector(".guess") ?? link.appendChild(document.createElement("span"))
    said.className = "guess small quiet"
    said.textContent = guess
  }
  document.getElementById("lost-tutorial").textContent = lost[0]
  document.getElementById("lost-product").textContent = lost[1]
  document.getElementById("guessed-right").textContent = right
  document.getElementById("guessed").textContent = document.querySelectorAll(".faults .guess").length
}

const lab = document.querySelector(".lab")
const guesses = read()
show(guesses)
lab.addEventListener("change", ({ target }) => {
  const { fault, right } = lab.dataset
  guesses[fault] ??= target.value === right ? "right" : "wrong" // the first guess counts
  try {
    localStorage[KEY] = JSON.stringify(guesses)
  } catch {
    // then it is forgotten
  }
  show(guesses)
})
