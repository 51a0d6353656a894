// A menu that floats beside what it is about. One goes through its rows by arrows; Tab, Escape and a press beside it close
// it.

const MARGIN = 8 // pixels that it keeps from the window's edge

export class FloatingMenu {
  #closed = () => {}

  // `element` has the rows, and is in the page while it is open.
  constructor(element) {
    this.element = element
    element.addEventListener("keydown", (event) => this.#move(event))
    element.addEventListener("toggle", ({ newState }) => {
      if (newState !== "closed") return
      element.remove()
      this.#closed()
    })
  }

  get rows() {
    return [...this.element.querySelectorAll("[role=menuitem]:not([hidden])")]
  }

  // Under `frame`, or above it where there is no room for that, flush with the side at which lines begin or end.
  open(frame, { atEnd = false, closed = () => {} } = {}) {
    this.#closed = closed
    document.querySelector(".foot").append(this.element)
    this.element.showPopover()
    const { offsetWidth: width, offsetHeight: height } = this.element
    const isReversed = getComputedStyle(this.element).direction === "rtl"
    const left = atEnd === isReversed ? frame.left : frame.right - width
    const top = frame.bottom + height + MARGIN > innerHeight ? frame.top - height : frame.bottom
    this.element.style.left = `${within(left, innerWidth - width)}px`
    this.element.style.top = `${within(top, innerHeight - height)}px`
    this.rows[0].focus()
  }

  close() {
    this.element.hidePopover()
  }

  #move(event) {
    const { rows } = this
    const at = rows.indexOf(document.activeElement)
    const goal = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key]
    if (event.key === "Tab") this.close()
    if (goal === undefined) return
    event.preventDefault()
    rows.at(goal % rows.length).focus()
  }
}

const within = (at, most) => Math.max(MARGIN, Math.min(at, most - MARGIN))
