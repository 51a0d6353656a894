// The list of rooms on a small screen: behind a button, closed by Escape.

export function sidebar() {
  const menu = document.querySelector(".menu")
  menu.hidden = false
  menu.addEventListener("click", () => {
    const open = document.body.classList.toggle("sidebar-open")
    menu.setAttribute("aria-expanded", open)
    if (open) document.querySelector(".sidebar a").focus()
  })
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && document.body.classList.contains("sidebar-open")) {
      menu.click()
      menu.focus()
    }
  })
}
