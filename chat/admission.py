"""Who may still read a room: after a removal nothing that was committed later may reach the removed person.

Each frame carries the room's number of access, which rises with a removal. What has a higher number than the members of
a feed were let in under is held until they have been asked for again. A member that is not live yet is asked for by the
hub, before it is.
"""

import asyncio
import logging
from collections.abc import Callable, Collection

from django.db import Error as DatabaseError

from chat.log import Head, Log
from chat.models import PUBLIC
from chat.protocol import FORBIDDEN, NO_SUCH_ROOM, Refused
from chat.subscriber import Subscriber

logger = logging.getLogger(__name__)


class Admission:
    """Of the members of one feed. `settled` is called when those who may not stay have been sent away."""

    def __init__(self, room: str, members: Collection[Subscriber], log: Log, settled: Callable[[], None]) -> None:
        self.public_at: int | None = None  # the number under which the room was public; None: it is not
        self.access = 0  # all live members were let in under this number or a later one
        self._room, self._members, self._log, self._settled = room, members, log, settled
        self._needed = 0  # the highest number heard of
        self._asking: asyncio.Task[None] | None = None

    def begin(self, head: Head) -> None:
        """Nobody is live yet."""
        self.access = head.access
        self.know(head.kind, head.access)

    def know(self, kind: str, access: int) -> None:
        self.public_at = access if kind == PUBLIC else None

    def let_in(self, member: Subscriber) -> None:
        """It goes live."""
        self.access = min(self.access, member.access)

    @property
    def is_asking(self) -> bool:
        return self._asking is not None and not self._asking.done()

    def suffices(self, access: int) -> bool:
        """Whether all live members may have what has this number. If not, they are asked for again."""
        if access > self.access:
            self._needed = max(self._needed, access)
            if not self.is_asking:
                self._asking = asyncio.create_task(self._ask())
        return access <= self.access

    async def _ask(self) -> None:
        try:
            while self.access < self._needed:
                asked = [member for member in self._members if member.live and member.access < self._needed]
                rights = await self._log.rights(self._room, [member.you for member in asked])
                self.know(rights.kind, rights.access)
                self._needed = min(self._needed, rights.access)  # a database that was restored may be behind
                for member in asked:
                    if refused := rights.why_not(member.you):
                        member.end(FORBIDDEN, _removed() if refused.reason == NO_SUCH_ROOM else refused)
                    else:
                        member.access = rights.access
                live = [member.access for member in self._members if member.live and not member.is_over]
                self.access = min(live, default=rights.access)
        except DatabaseError as error:
            logger.warning("asking who may read %s: %s; the poll will ask again", self._room, error)
        else:
            self._settled()

    def close(self) -> list[asyncio.Task[None]]:
        return [self._asking] if self._asking else []


def _removed() -> Refused:
    return Refused("forbidden", "You do not belong to this room any more.", reason="removed")
