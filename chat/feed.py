"""One feed per room and process: delivers every change once and in order, and asks the log for what it missed.

The channel layer is a wake-up call that may get lost, come twice or out of order. What counts is the log in the
database: a feed delivers the next number, and reads the log for anything that comes between.

After a removal nothing that was committed later may reach the removed person. Each frame carries the room's number of
access. One with a higher number than the members were let in under is held until the feed has asked for them again.
"""

import asyncio
import hashlib
import logging
from contextlib import suppress

from django.db import Error as DatabaseError

from chat.events import Frame, Whisper, merged
from chat.layer import TIMEOUT, Layer, Message
from chat.log import Head, Log
from chat.models import PUBLIC
from chat.observed import metrics
from chat.observed.request_id import for_everyone
from chat.protocol import FORBIDDEN, NO_SUCH_ROOM, TOO_SLOW, Refused
from chat.subscriber import BACKLOG_MAX, Subscriber

logger = logging.getLogger(__name__)

WAKE_UP, WHISPER, TAKEN_AWAY = "room.changed", "room.whisper", "room.access"


class Feed:
    """A room as this process follows it: the last number delivered, and the members it was delivered to."""

    def __init__(self, room: str, layer: Layer, log: Log) -> None:
        self.room = room
        self.members: set[Subscriber] = set()
        self.idle_since: float | None = None
        self.is_open = False
        self.public_at: int | None = 0  # the number of access under which the room was public; None: it is not
        self.access = 0  # all live members were let in under this number or a later one
        self.last = 0  # the last number delivered, once it is open
        self._log = log
        self._early: list[Frame] = []  # came in before that
        self._due: list[Frame] = []  # counted in `last`, and on their way to the members
        self._wanted = 0  # the highest number heard of
        self._needed = 0  # the highest number of access heard of
        self._asking: asyncio.Task[None] | None = None
        self._healing: asyncio.Task[None] | None = None
        self._tried = asyncio.Event()  # to listen, with or without success
        self._listening = for_everyone(layer.listen(group_name(room), self._heard, self._listens))
        self.opening = for_everyone(self._open())

    async def _open(self) -> None:
        """Listen first, then read where the room stands, so that nothing falls in between."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._tried.wait(), TIMEOUT)
        head = (await self._log.heads([self.room])).get(self.room, Head())
        self.last, self.access = head.seq, head.access
        self.know(head.kind, head.access)
        self.is_open = True
        early, self._early = self._early, []
        for frame in early:
            self.receive(frame)

    def _listens(self, is_listening: bool) -> None:
        self._tried.set()
        if is_listening and self.is_open:
            self.heal("layer")

    def _heard(self, message: Message) -> None:
        """From another process. Every process that can publish can send anything: other types are not for us."""
        if message.get("type") == WAKE_UP:
            self.receive(Frame(self.room, message["first"], message["last"], message["frame"], message["access"]))
        elif message.get("type") == WHISPER:
            self.whisper(Whisper(self.room, message["event"]), message["access"])
        elif message.get("type") == TAKEN_AWAY:
            self.ask_again(message["access"])

    def receive(self, frame: Frame) -> None:
        """A wake-up, in whatever order they come."""
        if not self.is_open:
            self._early.append(frame)
        elif frame.first > self.last + 1:
            self._wanted = max(self._wanted, frame.last)
            self.heal("gap")
        else:
            self._deliver(frame)

    def whisper(self, whisper: Whisper, access: int) -> None:
        """A hint is not held: where it is not known who may hear it, nobody does."""
        if access > self.access:
            self.ask_again(access)
            return
        for member in tuple(self.members):
            member.hint(whisper)

    def _deliver(self, frame: Frame) -> None:
        """With whatever else comes in this turn of the event loop: a frame costs each member a write of its own."""
        if rest := frame.after(self.last):
            self.last = rest.last
            self._due.append(rest)
            if len(self._due) == 1:
                asyncio.get_running_loop().call_soon(self._push)
            elif self._is_asking and sum(len(each.text) for each in self._due) > BACKLOG_MAX:
                self._due.clear()
                for member in tuple(self.members):
                    member.end(TOO_SLOW)

    def _push(self) -> None:
        if (needed := max((frame.access for frame in self._due), default=0)) > self.access:
            self.ask_again(needed)
            return
        due, self._due = self._due, []
        for frame in merged(due):
            for member in tuple(self.members):
                member.push(frame)

    def know(self, kind: str, access: int) -> None:
        self.public_at = access if kind == PUBLIC else None

    @property
    def _is_asking(self) -> bool:
        return self._asking is not None and not self._asking.done()

    def ask_again(self, access: int) -> None:
        """Somebody lost a right, under this number. Nothing is handed on until it is known who may still read."""
        self._needed = max(self._needed, access)
        if self.is_open and not self._is_asking and self.access < self._needed:
            self._asking = asyncio.create_task(self._ask_again())

    async def _ask_again(self) -> None:
        try:
            while self.access < self._needed:
                asked = [member for member in self.members if member.live and member.access < self._needed]
                rights = await self._log.rights(self.room, [member.you for member in asked])
                self.know(rights.kind, rights.access)
                self._needed = min(self._needed, rights.access)  # a database that was restored may be behind
                for member in asked:
                    if refused := rights.why_not(member.you):
                        member.end(FORBIDDEN, _removed() if refused.reason == NO_SUCH_ROOM else refused)
                    else:
                        member.access = rights.access
                live = [member.access for member in self.members if member.live and not member.is_over]
                self.access = min(live, default=rights.access)
        except DatabaseError as error:
            logger.warning("asking who may read %s: %s; the poll will ask again", self.room, error)
        else:
            self._push()

    def heal(self, cause: str = "poll") -> None:
        """Fetch from the log what no wake-up brought."""
        if self._healing is None or self._healing.done():
            metrics.HEALINGS.labels(cause).inc()
            self._healing = asyncio.create_task(self._heal())

    async def _heal(self) -> None:
        try:
            more = True
            while more:
                wanted = self._wanted
                missed = await self._log.part_after(self.room, self.last)
                if missed.frame:
                    self._deliver(missed.frame)
                # What was committed while the log was read may have woken us in vain: look again.
                more = missed.more or self._wanted > max(wanted, self.last)
        except DatabaseError as error:
            logger.warning("healing %s: %s; the poll will try again", self.room, error)

    async def close(self) -> None:
        tasks = [task for task in (self._listening, self.opening, self._healing, self._asking) if task]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def group_name(room: str) -> str:
    """The channel layer's group of a room. Its title may hold letters that a group's name may not."""
    return "room." + hashlib.sha256(room.encode()).hexdigest()[:32]


def wake_up(frame: Frame) -> Message:
    """For the other processes that follow the room: that it changed, and how."""
    return {"type": WAKE_UP, "first": frame.first, "last": frame.last, "frame": frame.text, "access": frame.access}


def _removed() -> Refused:
    return Refused("forbidden", "You do not belong to this room any more.", reason="removed")
