// What moderation says in the room's page. Times are those of the reader.

import { dateOf, full, time } from "../days.js"

const when = (at) => (dateOf(at) === dateOf(new Date()) ? time(at) : full(at))

export const muted = (until) =>
  until
    ? `You are muted in this room until ${when(until)}. You can read on, and what you write stays here.`
    : "You are muted in this room. You can read on, and what you write stays here."

export const slowMode = (left) => `This room is in slow mode. What waits is sent in ${left} s.`

export const banned = (until) =>
  until
    ? `You are banned until ${when(until)}. What you wrote stays here.`
    : "You are banned. What you wrote stays here."

export const notDone = "Not done: no connection. Try again."
export const close = "Close"
