// An address that a console may use: of this server, as the page's policy for connections allows no other.

export function ours(text) {
  let url
  try {
    url = new URL(text, location.href)
  } catch {
    throw new Error("This is not an address.")
  }
  if (url.host !== location.host || !["http:", "https:", "ws:", "wss:"].includes(url.protocol)) {
    throw new Error(`A console reaches this server alone, ${location.host}.`)
  }
  url.hash = "" // a WebSocket's address may not have one
  return url
}
