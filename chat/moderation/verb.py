"""Report a message, as anybody may who can read it: the staff see it live."""

from dataclasses import dataclass
from typing import ClassVar

from chat import limits
from chat.database import writing
from chat.hub import Hub
from chat.identity import Identity
from chat.moderation import acts
from chat.moderation.companion import NEWS

report = writing(acts.report)


@dataclass(slots=True)
class ReportMessage:
    room: str
    author: Identity
    message: int
    why: str

    bucket: ClassVar[str] = limits.MESSAGES

    async def act(self, hub: Hub) -> None:
        await report(by=self.author, room=self.room, message=self.message, why=self.why)
        hub.people.tell_companions(NEWS)
