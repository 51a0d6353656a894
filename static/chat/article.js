// The pieces that a message on the page is made of.

// As accounts/display_names.py has it.
export function initial(name) {
  const letter = name.match(/[\p{L}\p{N}]\p{M}*/u)?.[0] ?? [...name][0] ?? ""
  return letter.toUpperCase().length === letter.length ? letter.toUpperCase() : letter
}

export function parse(html) {
  const template = document.createElement("template")
  template.innerHTML = html
  return template.content.querySelector(".message")
}

// What became of a message that is not stored yet. Without words: it is being sent, or waits for the connection.
export function stateOf(kind, text = "", ...buttons) {
  const state = document.createElement(buttons.length ? "div" : "p")
  state.className = `state ${kind}`
  const words = document.createElement("span")
  words.textContent = text
  state.append(words, ...buttons)
  return state
}

export function button(label, action, client_id) {
  const element = document.createElement("button")
  element.type = "button"
  element.textContent = label
  element.dataset[action] = client_id
  return element
}
