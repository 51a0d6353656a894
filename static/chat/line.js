// A message in one line of plain words, as chat/lines.py makes it: what is read of it, without its markup.

const BETWEEN = "p, br, li, pre, blockquote, th, td" // a space parts what stands in them

// `text` is the element with the words of a message.
export function lineOf(text) {
  const copy = text.cloneNode(true)
  for (const name of copy.querySelectorAll("figcaption")) name.remove()
  for (const rule of copy.querySelectorAll("hr")) rule.replaceWith(" — ")
  for (const block of copy.querySelectorAll(BETWEEN)) {
    block.before(" ")
    block.after(" ")
  }
  return copy.textContent.replace(/\s+/g, " ").trim()
}

// Of the HTML of an event.
export function lineOfHtml(html) {
  const template = document.createElement("template")
  template.innerHTML = html
  return lineOf(template.content.querySelector(".text"))
}
