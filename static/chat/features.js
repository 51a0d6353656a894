// Where features plug in, one line each: `install(room)` is called once, when the page is there.

import { install as renaming } from "./renaming/renaming.js"

export const features = [
  renaming,
]
