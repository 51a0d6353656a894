// Commands: completed after a slash; one that there is not stays in the field, with a hint.

import { help } from "./help.js"
import { gettext } from "../words.js"

const COMMANDS = {
  help: gettext("what you can do here"),
  me: gettext("say what you do"),
  name: gettext("your name from now on"),
  shrug: "¯\\_(ツ)_/¯",
  topic: gettext("what this room is about"),
}

export function install({ composer, completion, notice, on }) {
  completion.add({
    pattern: /^\/(\w*)$/,
    find: async (typed) =>
      Object.entries(COMMANDS)
        .filter(([name]) => name.startsWith(typed))
        .map(([name, detail]) => ({ text: `/${name} `, label: `/${name}`, detail })),
  })

  on("saying", (saying) => {
    const [, name] = saying.text.match(/^\/(\w+)(?:\s|$)/) ?? []
    if (!name || (name in COMMANDS && name !== "help")) return
    saying.isStopped = true
    if (name === "help") {
      composer.clear()
      return help(COMMANDS)
    }
    const text = gettext("There is no command /{name}. Begin with // for a text that begins with a slash.", { name })
    notice.say("command", { kind: "wrong", text })
  })
  composer.input.addEventListener("input", () => notice.clear("command"))
  document.getElementById("formatting")?.addEventListener("click", () => help(COMMANDS))
}
