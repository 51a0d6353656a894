// Where features plug in, one line each. `install(room)` of each is called once, when the page is there.

export const features = [
  () => import("./jump/jump.js"),
  () => import("./members/members.js"),
  () => import("./members/person.js"),
  () => import("./mentions/mentions.js"),
  () => import("./moderation/more.js"),
  () => import("./moderation/told.js"),
  () => import("./notifications/notifications.js"),
  () => import("./presence/presence.js"),
  () => import("./renaming/renaming.js"),
  () => import("./reactions/reactions.js"),
  () => import("./replies/replies.js"),
  () => import("./search/search.js"),
  () => import("./slash/slash.js"),
  () => import("./typing/typing.js"),
  () => import("./unread/order.js"),
  () => import("./unread/unread.js"),
]
