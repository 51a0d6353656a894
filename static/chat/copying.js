// Text into the clipboard, also on HTTP, where browsers hide the clipboard. Resolves to whether it was done.

export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return copySelected(text)
  }
}

function copySelected(text) {
  const field = document.createElement("textarea")
  const { activeElement } = document
  field.value = text
  field.className = "visually-hidden"
  document.body.append(field)
  field.select()
  const isDone = document.execCommand("copy")
  field.remove()
  activeElement?.focus()
  return isDone
}
