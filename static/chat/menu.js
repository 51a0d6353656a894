// One's own menu at the foot of the list of rooms: closed by Escape and by whatever is pressed beside it. It opens
// without a script.

export function install(room) {
  const menu = document.querySelector(".mine-menu")
  const name = menu.querySelector("summary bdi")
  room.on("hello", () => (name.textContent = room.you.name))
  document.addEventListener("pointerdown", ({ target }) => menu.contains(target) || (menu.open = false))
  menu.addEventListener("focusout", ({ relatedTarget }) => {
    if (relatedTarget && !menu.contains(relatedTarget)) menu.open = false
  })
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return
    event.stopPropagation() // the drawer that it stands in stays open
    menu.open = false
    menu.querySelector("summary").focus()
  })
}
