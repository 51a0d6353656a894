// Help with Markdown while one writes: Ctrl-B, Ctrl-I and Ctrl-E wrap what is selected, a list goes on with the next
// line, and pasted code is offered as a block.

import { isComposing } from "./composer.js"
import { gettext } from "./words.js"

const SIGNS = { b: "**", i: "*", e: "`" }
const ITEM = /^(\s*)([-*+]|(\d{1,9})([.)]))( +)(.*)$/
const LOOKS_LIKE_CODE = /[{};]\s*$|^\s{2,}\S|^(def|class|function|import|from|const|let|var|#include|SELECT|<\w+)\b/m
const OFFERED = 12_000

export function install({ composer, notice }) {
  const { input } = composer

  input.addEventListener("keydown", (event) => {
    if (isComposing(event)) return
    const sign = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && SIGNS[event.key.toLowerCase()]
    if (sign) wrap(event, sign)
    if (event.key === "Enter" && !event.defaultPrevented) goOn(event)
  })

  function wrap(event, sign) {
    event.preventDefault()
    const { selectionStart: start, selectionEnd: end, value } = input
    const isWrapped = value.slice(start - sign.length, start) === sign && value.slice(end, end + sign.length) === sign
    if (isWrapped) input.setSelectionRange(start - sign.length, end + sign.length)
    const text = value.slice(start, end)
    insert(input, isWrapped ? text : sign + text + sign)
    const from = isWrapped ? start - sign.length : start + sign.length
    input.setSelectionRange(from, from + text.length)
  }

  // Only where Enter begins a line. An item without words ends the list.
  function goOn(event) {
    const { selectionStart: at, selectionEnd, value } = input
    const begin = value.lastIndexOf("\n", at - 1) + 1
    const item = at === selectionEnd && value.slice(begin, at).match(ITEM)
    if (!item || isInCode(value.slice(0, begin))) return
    event.preventDefault()
    const [, indent, bullet, number, mark, space, words] = item
    if (words) return insert(input, `\n${indent}${number ? Number(number) + 1 + mark : bullet}${space}`)
    input.setSelectionRange(begin, at)
    insert(input, "\n")
  }

  input.addEventListener("paste", (event) => {
    const text = event.clipboardData?.getData("text/plain") ?? ""
    const at = input.selectionStart
    if (!text.includes("\n") || !LOOKS_LIKE_CODE.test(text) || isInCode(input.value.slice(0, at))) return
    setTimeout(() => offer(at, text.replace(/\r\n?/g, "\n")))
  })

  function offer(at, text) {
    if (input.value.slice(at, at + text.length) !== text) return
    const run = () => {
      notice.clear("code")
      input.focus()
      if (input.value.slice(at, at + text.length) !== text) return
      input.setSelectionRange(at, at + text.length)
      const before = at && input.value[at - 1] !== "\n" ? "\n" : ""
      insert(input, `${before}${fence(text)}\n${text.replace(/\n+$/, "")}\n${fence(text)}\n`)
    }
    notice.say("code", { kind: "doing", text: gettext("This looks like code."), action: gettext("Make it a block"), run })
    setTimeout(() => notice.clear("code"), OFFERED)
  }
}

const isInCode = (before) => (before.match(/^ {0,3}(```|~~~)/gm) ?? []).length % 2 === 1
const fence = (text) => "`".repeat(Math.max(3, ...(text.match(/`+/g) ?? []).map((run) => run.length + 1)))

// As if it was typed: it can be undone.
export function insert(input, text) {
  if (document.execCommand("insertText", false, text)) return
  input.setRangeText(text, input.selectionStart, input.selectionEnd, "end")
  input.dispatchEvent(new Event("input", { bubbles: true }))
}
