// The list of rooms on a small screen: opened and closed by the button, closed by Escape. Loaded when first asked for.

export function toggle(menu) {
  const open = document.body.classList.toggle("sidebar-open")
  menu.setAttribute("aria-expanded", open)
  if (open) document.querySelector(".sidebar a").focus()
}

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !document.body.classList.contains("sidebar-open")) return
  const menu = document.querySelector(".menu")
  toggle(menu)
  menu.focus()
})
