// A person's disc, as the server makes it in messages (chat/markup.py): one of twelve hues by the id, hollow without an account.

import { initial } from "./timeline.js"

const HUES = 12

export function disc({ id, name }, size) {
  const element = document.createElement("span")
  element.className = `disc ${size} hue-${crc32(id) % HUES}${id.startsWith("user-") ? "" : " guest"}`
  element.textContent = initial(name)
  element.setAttribute("aria-hidden", "true")
  return element
}

// As Python's zlib has it.
function crc32(text) {
  let crc = -1
  for (const byte of new TextEncoder().encode(text)) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0)
  }
  return ~crc >>> 0
}
