// What is being written in a room outlives a reload and a closed tab. Each tab has its own; a new one begins with the
// last of all. Where storage is forbidden or full, it lives as long as the page.

export class Draft {
  #key
  #memory = {}

  constructor(room) {
    this.#key = `draft:${room}`
    this.#memory[""] = this.#read("", [() => sessionStorage, () => localStorage])
  }

  get text() {
    return this.#memory[""]
  }

  set text(text) {
    const last = this.text
    this.#write("", text, () => sessionStorage)
    const isAnothers = stored(() => ![last, ""].includes(localStorage[this.#key] ?? "")) // of another tab
    if (text || !isAnothers) this.#write("", text, () => localStorage)
  }

  // The edit under way, `{ id, text }` or null: this tab's alone.
  get edit() {
    const edit = stored(() => JSON.parse(this.#read(":edit", [() => sessionStorage]) || "null"))
    return Number.isInteger(edit?.id) && typeof edit.text === "string" ? edit : null
  }

  set edit(edit) {
    this.#write(":edit", edit ? JSON.stringify(edit) : "", () => sessionStorage)
  }

  #read(suffix, storages) {
    if (suffix in this.#memory) return this.#memory[suffix]
    return storages.map((storage) => stored(() => storage()[this.#key + suffix])).find(Boolean) ?? ""
  }

  #write(suffix, text, storage) {
    this.#memory[suffix] = text
    stored(() => (text ? (storage()[this.#key + suffix] = text) : storage().removeItem(this.#key + suffix)))
  }
}

// Undefined where storage is forbidden, full, or holds what is not ours.
export function stored(use) {
  try {
    return use()
  } catch {
    return undefined
  }
}
