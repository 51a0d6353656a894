"""`{"type": "typing"}`: everybody in the room sees it, and nobody keeps it."""

from dataclasses import dataclass
from typing import Any, ClassVar, Self

from chat import limits
from chat.hub import Hub
from chat.identity import Identity
from chat.presence.companion import Presence


@dataclass(slots=True)
class Typing:
    room: str
    author: Identity

    bucket: ClassVar[str] = limits.HINTS

    @classmethod
    def parse(cls, room: str, author: Identity, frame: dict[str, Any]) -> Self:
        return cls(room, author)

    async def act(self, hub: Hub) -> None:
        present = hub.people.companion(Presence)
        if present is None or not present.is_crowded(self.room):
            hub.whisper(self.room, {"type": "typing", "author": self.author.public()})
