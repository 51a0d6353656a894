// Emoji with their names in English and Chinese, from the server, asked for when they are first needed.

let asked = null

// Resolves to `[{ emoji, names, hasTones }]`; rejects where there is no connection, and can be asked again.
export function emoji() {
  asked ??= fetch("/chat/emoji.json")
    .then((response) => {
      if (!response.ok) throw new Error(response.statusText)
      return response.json()
    })
    .then((rows) => rows.map(([emoji, names, hasTones]) => ({ emoji, names, hasTones: Boolean(hasTones) })))
    .catch((error) => {
      asked = null
      throw error
    })
  return asked
}

// The names that begin with it first, then those that hold it at the beginning of a word.
export async function found(typed) {
  const words = typed.toLowerCase().replaceAll("_", " ").trim()
  if (!words) return emoji()
  const rank = ({ names }) => {
    if (names.some((name) => name === words)) return 0
    if (names.some((name) => name.startsWith(words))) return 1
    if (names.some((name) => name.includes(` ${words}`) || (/[^\x00-\x7f]/.test(words) && name.includes(words)))) return 2
    return 3
  }
  const ranked = (await emoji()).map((each) => ({ each, at: rank(each) })).filter(({ at }) => at < 3)
  return ranked.sort((a, b) => a.at - b.at).map(({ each }) => each)
}
