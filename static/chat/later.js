// What comes once one can read and write: each part is installed with the room, as the features are.

import { install as announcing } from "./announcing.js"
import { install as bar } from "./bar.js"
import { install as code } from "./code.js"
import { Completion } from "./completion.js"
import { install as cookies } from "./cookies.js"
import { install as editing } from "./editing.js"
import { features } from "./features.js"
import { install as formatting } from "./formatting.js"
import { install as history } from "./history.js"
import { install as linking } from "./linking.js"
import { install as menu } from "./menu.js"
import { install as moving } from "./moving.js"
import { install as places } from "./places.js"
import { install as sheet } from "./sheet.js"
import "./sidebar.js" // opened by room.js, also where there is no connection any more
import { install as tabs } from "./tabs.js"
import { install as toolbar } from "./toolbar.js"

export async function install(room) {
  const isThere = htmxIsThere()
  room.completion = new Completion(room.composer)
  const forReading = [bar, history, places, moving, announcing, tabs, cookies, menu, linking, code]
  const forWriting = [sheet, toolbar, editing, formatting]
  for (const part of [...forReading, ...forWriting]) part(room)
  if (!CSS.supports("field-sizing", "content")) (await import("./growing.js")).install(room)
  await isThere
  for (const load of features) {
    const feature = await load().catch((error) => console.warn(error.message)) // the line is away: the room works without it
    feature?.install(room)
  }
  const inspect = async () => location.hash === "#wire" && (await import("./wire/wire.js")).install(room)
  addEventListener("hashchange", inspect)
  await inspect()
}

// htmx asks for older messages and for parts of the page: nothing that one needs in order to read and write. It begins
// when it comes, but only in a page that is complete.
async function htmxIsThere() {
  if (document.readyState !== "complete") await new Promise((resolve) => addEventListener("load", resolve, { once: true }))
  const scripts = document.getElementById("for-later").content.cloneNode(true)
  const [script] = scripts.querySelectorAll("script")
  await new Promise((resolve) => {
    script.addEventListener("load", resolve)
    script.addEventListener("error", resolve) // links work without it
    document.head.append(scripts)
  })
}
