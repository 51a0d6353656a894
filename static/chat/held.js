// New messages that come in while the page shows a part of the past, until they have their place below it.

const MOST = 500

export class Held {
  #events = new Map() // by id
  missed = 0 // the highest id of those that were too many: what is up to it has to be asked for

  hold(event) {
    if (event.id !== event.seq && !this.#events.has(event.id)) return
    this.#events.set(event.id, event)
    if (this.#events.size <= MOST) return
    const [first] = this.#events.keys()
    this.missed = first
    this.#events.delete(first)
  }

  delete(id) {
    this.#events.delete(id)
  }

  release() {
    const events = [...this.#events.values()]
    this.#events.clear()
    return events
  }
}
