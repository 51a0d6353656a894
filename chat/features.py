"""Where features plug in: one line for each frame, command and follower that they bring."""

from collections.abc import Callable
from typing import Any

from chat import hub, parts, permissions
from chat.follower import Follower
from chat.hub import Hub
from chat.identity import Identity
from chat.members.acts import slowed
from chat.members.blocks import blocked
from chat.members.joining import spoke
from chat.mentions.counting import unread_mentions
from chat.mentions.naming import meant_too
from chat.mentions.part import keep_mentions
from chat.moderation import acts
from chat.moderation.bans import gate
from chat.moderation.companion import Moderator
from chat.moderation.feed import admin_chat
from chat.moderation.rules import muted_or_slow
from chat.notifications.verb import Here
from chat.people import Companion
from chat.permissions import Gate, Rule
from chat.presence.active import Active
from chat.presence.companion import Presence
from chat.reactions.verb import React
from chat.renaming.verb import Rename
from chat.replies import quotes
from chat.replies.verb import Reply
from chat.search.indexing import Indexer
from chat.slash import typed
from chat.stages.socket import STAGES
from chat.typing.verb import Typing
from chat.unread import numbers
from chat.unread.companion import Unread
from chat.unread.verb import Read
from chat.verbs import Say, Verb

# The verb in the fields of a client's frame, by the frame's type.
FRAMES: dict[str, Callable[[str, Identity, dict[str, Any]], Verb]] = {
    "active": Active.parse,
    "message": Say.parse,
    "react": React.parse,
    "read": Read.parse,
    "typing": Typing.parse,
    "here": Here.parse,
}

# A message with a further field is another verb.
SAYING: dict[str, Callable[[str, Identity, dict[str, Any]], Say]] = {
    "reply_to": Reply.parse,
}

# The verb of a message such as `/name Ada`, from what stands after the command; or a text to say in its place.
COMMANDS: dict[str, Callable[[str, Identity, str], Verb | str]] = {
    "help": typed.Help,
    "me": typed.me,
    "name": Rename,
    "shrug": typed.shrug,
    "topic": typed.Topic,
}

# What follows the log, and does something slow with it.
FOLLOWERS: list[Follower] = [
    Indexer(),
]

# What lasts as long as a hub, and hears of who comes and goes.
COMPANIONS: list[Callable[[Hub], Companion]] = [
    Moderator,
    Presence.of_settings,
    Unread,
]

# Why somebody may not be here at all, or not do something: see chat.permissions.
GATES: list[Gate] = [
    gate,
]
RULES: list[Rule] = [
    blocked,
    muted_or_slow,
]
# WebSockets of their own.
SOCKETS: dict[str, Any] = {
    "ws/chat/admin/": admin_chat,
    **STAGES,
}

# What is read for a message only when it is sent: see chat.parts.
COMPLETING: list[parts.Complete] = [
    quotes.complete,
]
FILLING: list[parts.Fill] = [
    quotes.fill,
]

# The core below cannot import this module: it is told.
parts.completing[:], parts.filling[:] = COMPLETING, FILLING
hub.companions[:] = COMPANIONS
permissions.gates[:], permissions.rules[:] = GATES, RULES
permissions.moderated[:] = [acts.note_deletion]
permissions.kept[:] = [keep_mentions]
permissions.spoken[:] = [spoke]
numbers.mentioned[:] = [unread_mentions]
meant_too[:] = [quotes.answered]
slowed[:] = [acts.note_slow_mode]
