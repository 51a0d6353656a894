"""Where features plug in: one line for each frame, command and follower that they bring."""

from collections.abc import Callable
from typing import Any

from chat.follower import Follower
from chat.identity import Identity
from chat.reactions.verb import React
from chat.renaming.verb import Rename
from chat.search.indexing import Indexer
from chat.typing.verb import Typing
from chat.verbs import Say

# The verb in the fields of a client's frame, by the frame's type.
FRAMES: dict[str, Callable[[str, Identity, dict[str, Any]], Any]] = {
    "message": Say.parse,
    "react": React.parse,
    "typing": Typing.parse,
}

# The verb of a message such as `/name Ada`, from what stands after the command.
COMMANDS: dict[str, Callable[[str, Identity, str], Any]] = {
    "name": Rename,
}

# What follows the log, and does something slow with it.
FOLLOWERS: list[Follower] = [
    Indexer(),
]
