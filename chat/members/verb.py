"""What is asked of a room's members: an act, which sends away at once whoever lost a right by it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from chat import limits
from chat.database import writing
from chat.hub import Hub
from chat.identity import Identity


@dataclass(slots=True)
class Manage:
    """`function` is one of chat.members.acts, with more of its arguments in `fields`."""

    room: str
    author: Identity
    function: Callable[..., int | None]
    fields: dict[str, Any]

    bucket: ClassVar[str] = limits.MESSAGES

    async def act(self, hub: Hub) -> None:
        access = await writing(self.function)(by=self.author, room=self.room, **self.fields)
        if access is not None:
            hub.take_away(self.room, access)
