"""One feed per room and process: delivers every change once and in order, and asks the log for what it missed.

The channel layer is a wake-up call that may get lost, come twice or out of order. What counts is the log in the
database: a feed delivers the next number, and reads the log for anything that comes between.
"""

import asyncio
import hashlib
import logging
from contextlib import suppress
from typing import Any

from channels.layers import get_channel_layer
from django.db import Error as DatabaseError

from chat import log, metrics
from chat.database import reading
from chat.events import Frame, joined
from chat.member import Member
from chat.request_id import for_everyone

logger = logging.getLogger(__name__)

WAKE_UP = "room.changed"
LAYER_TIMEOUT = 2.0  # seconds; a channel layer that is slower than this is as good as gone

_head = reading(log.head)
_part_after = reading(log.part_after)


class Feed:
    """A room as this process follows it: the last number delivered, and the members it was delivered to."""

    def __init__(self, room: str) -> None:
        self.room = room
        self.members: set[Member] = set()
        self.idle_since: float | None = None
        self.is_open = False
        self.last = 0  # the last number delivered, once it is open
        self._early: list[Frame] = []  # came in before that
        self._due: list[Frame] = []  # counted in `last`, and on their way to the members
        self._wanted = 0  # the highest number heard of
        self._healing: asyncio.Task[None] | None = None
        self._listening = for_everyone(self._listen())
        self._tried = asyncio.Event()  # to listen, with or without success
        self.opening = for_everyone(self._open())

    async def _open(self) -> None:
        """Listen first, then read where the room stands, so that nothing falls in between."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._tried.wait(), LAYER_TIMEOUT)
        self.last = await _head(self.room)
        self.is_open = True
        early, self._early = self._early, []
        for frame in early:
            self.receive(frame)

    async def _listen(self) -> None:
        """Hand on the wake-ups of other processes. Without a channel layer the poll has to do."""
        while True:
            try:
                await self._listen_on(get_channel_layer())
            except Exception as error:
                self._tried.set()
                logger.warning("channel layer: %r; trying again", error)
                await asyncio.sleep(LAYER_TIMEOUT)

    async def _listen_on(self, layer: Any) -> None:
        group = group_name(self.room)
        channel = ""
        try:
            channel = await asyncio.wait_for(layer.new_channel(prefix=f"{group}."), LAYER_TIMEOUT)
            await asyncio.wait_for(layer.group_add(group, channel), LAYER_TIMEOUT)
            self._tried.set()
            if self.is_open:
                self.heal("layer")
            while True:
                wake_up = await layer.receive(channel)
                if wake_up.get("type") != WAKE_UP:
                    continue  # whoever can publish can say anything
                self.receive(Frame(self.room, wake_up["first"], wake_up["last"], wake_up["frame"]))
        finally:
            with suppress(Exception):
                await asyncio.wait_for(layer.group_discard(group, channel), LAYER_TIMEOUT)
            # channels_redis makes the queue before it subscribes: a failure leaves it behind, and it would fill.
            for name in [name for name in layer.channels if f"{group}." in name]:
                layer.channels.pop(name, None)

    def receive(self, frame: Frame) -> None:
        """A wake-up, in whatever order they come."""
        if not self.is_open:
            self._early.append(frame)
        elif frame.first > self.last + 1:
            self._wanted = max(self._wanted, frame.last)
            self.heal("gap")
        else:
            self._deliver(frame)

    def _deliver(self, frame: Frame) -> None:
        """With whatever else comes in this turn of the event loop: a frame costs each member a write of its own."""
        if rest := frame.after(self.last):
            self.last = rest.last
            self._due.append(rest)
            if len(self._due) == 1:
                asyncio.get_running_loop().call_soon(self._push)

    def _push(self) -> None:
        due, self._due = self._due, []
        for frame in joined(due):
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
                missed = await _part_after(self.room, self.last)
                if missed.frame:
                    self._deliver(missed.frame)
                # What was committed while the log was read may have woken us in vain: look again.
                more = missed.more or self._wanted > max(wanted, self.last)
        except DatabaseError as error:
            logger.warning("healing %s: %s; the poll will try again", self.room, error)

    def dismiss(self) -> None:
        """Send the members away; they come back with what they have seen, and are told `reset`."""
        for member in tuple(self.members):
            member.give_up()

    async def close(self) -> None:
        tasks = [task for task in (self._listening, self.opening, self._healing) if task]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def group_name(room: str) -> str:
    """The channel layer's group of a room. Its title may hold letters that a group's name may not."""
    return "room." + hashlib.sha256(room.encode()).hexdigest()[:32]


async def wake_others(frame: Frame) -> None:
    """Tell whoever follows the room that it changed, and how."""
    wake_up = {"type": WAKE_UP, "first": frame.first, "last": frame.last, "frame": frame.text}
    await get_channel_layer().group_send(group_name(frame.room), wake_up)
