// What moderation says in the room's page. Times are those of the reader.

import { dateOf, full, gettext, time } from "../words.js"

const when = (at) => (dateOf(at) === dateOf(new Date()) ? time(at) : full(at))

export const muted = (until) =>
  until
    ? gettext("You are muted in this room until {when}. You can read on, and what you write stays here.", { when: when(until) })
    : gettext("You are muted in this room. You can read on, and what you write stays here.")

export const slowMode = (left) => gettext("This room is in slow mode. What waits is sent in {left} s.", { left })

export const banned = (until) =>
  until
    ? gettext("You are banned until {when}. What you wrote stays here.", { when: when(until) })
    : gettext("You are banned. What you wrote stays here.")
