"""`{"type": "active", "ago"?}`: somebody was at the keyboard, so many seconds ago. Pages say so now and then."""

from dataclasses import dataclass
from typing import Any, Self

from chat.hints import Hint
from chat.hub import Hub
from chat.identity import Identity
from chat.presence.companion import Presence
from chat.protocol import bad_frame

AGO_MAX = 10**8  # seconds, three years


@dataclass(slots=True)
class Active(Hint):
    ago: int

    @classmethod
    def parse(cls, room: str, author: Identity, frame: dict[str, Any]) -> Self:
        ago = frame.get("ago", 0)
        if type(ago) is not int or not 0 <= ago <= AGO_MAX:
            raise bad_frame("ago: whole seconds are needed.")
        return cls(room, author, ago)

    async def act(self, hub: Hub) -> None:
        if present := hub.people.companion(Presence):
            present.had_input(self.room, self.author.id, self.ago)
