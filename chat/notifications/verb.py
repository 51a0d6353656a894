"""`{"type": "here"}`: one is active in this room, so what is new there is no news on one's other pages and devices."""

from dataclasses import dataclass
from typing import Any, ClassVar, Self

from chat import limits
from chat.hub import Hub
from chat.identity import Identity


@dataclass(slots=True)
class Here:
    room: str
    author: Identity

    bucket: ClassVar[str] = limits.HINTS

    @classmethod
    def parse(cls, room: str, author: Identity, frame: dict[str, Any]) -> Self:
        return cls(room, author)

    async def act(self, hub: Hub) -> None:
        hub.people.whisper_to([self.author.id], {"type": "here", "room": self.room})
