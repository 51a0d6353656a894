"""One feed per room and process: delivers every change once and in order, and asks the log for what it missed.

The channel layer is a wake-up call that may get lost, come twice or out of order. What counts is the log in the
database: a feed delivers the next number, and reads the log for anything that comes between.
"""

import asyncio
import hashlib
import logging
from contextlib import suppress

from django.db import Error as DatabaseError

from chat.admission import Admission
from chat.events import Frame, Whisper, merged
from chat.layer import TIMEOUT, Layer, Message
from chat.log import Head, Log
from chat.observed import metrics
from chat.observed.request_id import for_everyone
from chat.protocol import TOO_SLOW
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
        self.admission = Admission(room, self.members, log, self._push)
        self.last = 0  # the last number delivered, once it is open
        self._log = log
        self._early: list[Frame] = []  # came in before that
        self._due: list[Frame] = []  # counted in `last`, and on their way to the members
        self._wanted = 0  # the highest number heard of
        self._healing: asyncio.Task[None] | None = None
        self._tried = asyncio.Event()  # to listen, with or without success
        self._listening = for_everyone(layer.listen(group_name(room), self._heard, self._listens))
        self.opening = for_everyone(self._open())

    async def _open(self) -> None:
        """Listen first, then read where the room stands, so that nothing falls in between."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._tried.wait(), TIMEOUT)
        head = (await self._log.heads([self.room])).get(self.room, Head())
        self.last = head.seq
        self.admission.begin(head)
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
            self.admission.suffices(message["access"])

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
        for member in tuple(self.members) if self.admission.suffices(access) else ():
            member.hint(whisper)

    def _deliver(self, frame: Frame) -> None:
        """With whatever else comes in this turn of the event loop: a frame costs each member a write of its own."""
        if rest := frame.after(self.last):
            self.last = rest.last
            self._due.append(rest)
            if len(self._due) == 1:
                asyncio.get_running_loop().call_soon(self._push)
            elif self.admission.is_asking and sum(len(each.text) for each in self._due) > BACKLOG_MAX:
                self._due.clear()
                for member in tuple(self.members):
                    member.end(TOO_SLOW)

    def _push(self) -> None:
        if not self.admission.suffices(max((frame.access for frame in self._due), default=0)):
            return  # it is called again
        due, self._due = self._due, []
        for frame in merged(due):
            for member in tuple(self.members):
                member.push(frame)

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
        tasks = [task for task in (self._listening, self.opening, self._healing) if task] + self.admission.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def group_name(room: str) -> str:
    """The channel layer's group of a room. Its title may hold letters that a group's name may not."""
    return "room." + hashlib.sha256(room.encode()).hexdigest()[:32]


def wake_up(frame: Frame) -> Message:
    """For the other processes that follow the room: that it changed, and how."""
    return {"type": WAKE_UP, "first": frame.first, "last": frame.last, "frame": frame.text, "access": frame.access}
