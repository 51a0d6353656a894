"""What several features' hints have in common: a frame that is passed on at once, and stored nowhere."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from chat import limits
from chat.hub import Hub
from chat.identity import Identity


@dataclass(slots=True)
class Hint(ABC):
    """The verb of a frame without fields, such as `{"type": "typing"}`. It does not count as a message."""

    room: str
    author: Identity

    bucket: ClassVar[str] = limits.HINTS

    @classmethod
    def parse(cls, room: str, author: Identity, frame: dict[str, Any]) -> Self:
        return cls(room, author)

    @abstractmethod
    async def act(self, hub: Hub) -> None: ...
