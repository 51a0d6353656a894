// An icon of those that stand in the page (templates/_icons.html).

export function icon(name, classes = "icon") {
  const frame = document.createElement("span")
  frame.innerHTML = `<svg class="${classes}" aria-hidden="true"><use href="#${name}"/></svg>`
  return frame.firstChild
}
