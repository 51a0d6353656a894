"""`{"type": "read", "seq", "revision"}`: what was said up to here has been read, or is to be unread again after it."""

from dataclasses import dataclass
from typing import Any, ClassVar, Self

from chat import limits
from chat.hub import Hub
from chat.identity import Identity
from chat.protocol import bad_frame
from chat.unread.companion import Unread
from chat.unread.numbers import Mark

MOST = 10**15  # of a revision, which only its person's pages raise


@dataclass(slots=True)
class Read:
    room: str
    author: Identity
    seq: int
    revision: int

    bucket: ClassVar[str] = limits.HINTS

    @classmethod
    def parse(cls, room: str, author: Identity, frame: dict[str, Any]) -> Self:
        seq, revision = frame.get("seq"), frame.get("revision", 0)
        if type(seq) is not int or not 0 <= seq < 10**18:
            raise bad_frame("seq: the number of a change is needed.")
        if type(revision) is not int or not 0 <= revision <= MOST:
            raise bad_frame("revision: the number that came with `unread` is needed.")
        return cls(room, author, seq, revision)

    async def act(self, hub: Hub) -> None:
        """Of no member there is nothing to mark. It is written with others, at most a second later."""
        unread = hub.people.companion(Unread)
        if unread and self.author.ticket:
            unread.markers.put(Mark(self.author.ticket.user, self.room, self.seq, self.revision))
