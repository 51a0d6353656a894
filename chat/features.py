"""Where features plug in: one line for each frame, command and follower that they bring."""

from collections.abc import Callable
from typing import Any

from chat import parts
from chat.follower import Follower
from chat.identity import Identity
from chat.reactions.verb import React
from chat.renaming.verb import Rename
from chat.replies import quotes
from chat.replies.verb import Reply
from chat.slash.commands import Help, Topic, me, shrug
from chat.typing.verb import Typing
from chat.verbs import Say

# The verb in the fields of a client's frame, by the frame's type.
FRAMES: dict[str, Callable[[str, Identity, dict[str, Any]], Any]] = {
    "message": Say.parse,
    "react": React.parse,
    "typing": Typing.parse,
}

# A message with a further field is another verb.
SAYING: dict[str, Callable[[str, Identity, dict[str, Any]], Say]] = {
    "reply_to": Reply.parse,
}

# The verb of a message such as `/name Ada`, from what stands after the command; or a text to say in its place.
COMMANDS: dict[str, Callable[[str, Identity, str], Any]] = {
    "help": Help,
    "me": me,
    "name": Rename,
    "shrug": shrug,
    "topic": Topic,
}

# What follows the log, and does something slow with it.
FOLLOWERS: list[Follower] = []

# What is read for a message only when it is sent: see chat.parts.
COMPLETING: list[parts.Complete] = [
    quotes.complete,
]
FILLING: list[parts.Fill] = [
    quotes.fill,
]
parts.completing[:], parts.filling[:] = COMPLETING, FILLING  # the core below cannot import this module: it is told
