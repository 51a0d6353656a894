// The list of rooms on a small screen: a drawer. Opened by its button, closed by the button, Escape or a tap beside it;
// while it is open, the room behind it is out of reach. Loaded when first asked for.

const sidebar = document.getElementById("sidebar")
const behind = document.querySelectorAll("#room > :not(.head), .head button") // the room's name can be read
const wide = matchMedia("(min-width: 62.5rem)")
let opener = null

export function toggle(menu) {
  opener = menu
  const isOpen = sidebar.classList.toggle("open")
  menu.setAttribute("aria-expanded", isOpen)
  for (const each of behind) each.inert = isOpen
  if (isOpen) sidebar.querySelector("a").focus()
  else menu.focus()
}

function close() {
  if (sidebar.classList.contains("open")) toggle(opener)
}

document.addEventListener("keydown", ({ key }) => key === "Escape" && close())
document.addEventListener("click", ({ target }) => sidebar.contains(target) || target.closest(".menu") || close())
wide.addEventListener("change", () => close())
// Back from another page out of the browser's memory: as it was before it was opened.
addEventListener("pageshow", ({ persisted }) => persisted && close())
