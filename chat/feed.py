"""One feed per room and process: joins, replays, goes live, without gap or repeat.

The channel layer is a wake-up call that may get lost, come twice or out of order. What counts is the log in the
database: a feed delivers the next number, asks the log for what it missed, and every `CHAT_POLL_SECONDS` one query for
all rooms finds what no wake-up told of. WebSocket, SSE and long-poll are members of the same feed.
"""

import asyncio
import hashlib
import logging
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import suppress
from weakref import WeakKeyDictionary

from channels.layers import InMemoryChannelLayer, get_channel_layer
from django.conf import settings
from django.db import Error as DatabaseError

from chat import log
from chat.database import reading
from chat.events import Frame

logger = logging.getLogger(__name__)

BACKLOG_MAX = 1024 * 1024  # characters that wait for one slow member
LAYER_TIMEOUT = 2.0  # seconds; a channel layer that is slower than this is as good as gone
LINGER_SECONDS = 10.0  # for which a room without members is still followed

_head = reading(log.head)
_heads = reading(log.heads)
_standing = reading(log.standing)
_part_after = reading(log.part_after)


class Member:
    """One who receives a room's frames. What cannot be sent at once waits here, up to `BACKLOG_MAX`."""

    __slots__ = ("_backlog", "_send", "_sender", "_too_slow", "_write", "live", "seen", "waiting")

    def __init__(
        self,
        send: Callable[[Frame], Awaitable[None]],
        too_slow: Callable[[], None],
        write: Callable[[bytes], bool] | None = None,
    ) -> None:
        self.live = False  # until then frames are kept, as the replay may hold them too
        self.seen = 0  # the last number sent
        self.waiting = 0  # characters in the backlog
        self._backlog: deque[Frame] = deque()
        self._send = send
        self._too_slow = too_slow
        self._write = write  # see chat.wire
        self._sender: asyncio.Task[None] | None = None

    def push(self, frame: Frame) -> None:
        # Nearly always nothing waits and all of the frame is new: then the socket may take it at once.
        is_next = self.live and not self._backlog and not self._sender and frame.first > self.seen
        if is_next and self._write and self._write(frame.wire):
            self.seen = frame.last
            return
        self._backlog.append(frame)
        self.waiting += len(frame.text)
        if self.waiting > BACKLOG_MAX and len(self._backlog) > 1:
            self._backlog.clear()
            self.waiting = 0
            self._too_slow()
        elif self.live and self._sender is None:
            self._start()

    def go_live(self, seq: int) -> None:
        """From now on what comes after `seq`, beginning with what came in while the replay was read."""
        self.live, self.seen = True, seq
        if self._backlog and self._sender is None:
            self._start()

    def _start(self) -> None:
        # Eager: a send that completes at once costs no trip through the event loop.
        task = asyncio.Task(self._drain(), loop=asyncio.get_running_loop(), eager_start=True)
        self._sender = None if task.done() else task

    async def _drain(self) -> None:
        try:
            while self._backlog:
                frame = self._backlog.popleft()
                self.waiting -= len(frame.text)
                if rest := frame.after(self.seen):
                    self.seen = rest.last
                    await self._send(rest)
        except Exception:  # the connection is gone: its consumer hears of that by itself
            self._backlog.clear()
            self.waiting = 0
        finally:
            self._sender = None

    def stop(self) -> None:
        if self._sender:
            self._sender.cancel()


class Feed:
    """A room as this process follows it: the last number delivered, and the members it was delivered to."""

    def __init__(self, room: str) -> None:
        self.room = room
        self.members: set[Member] = set()
        self.idle_since: float | None = None
        self.is_open = False
        self.last = 0  # the last number delivered, once it is open
        self._early: list[Frame] = []  # came in before that
        self._wanted = 0  # the highest number heard of
        self._healing: asyncio.Task[None] | None = None
        self._listening = asyncio.create_task(self._listen())
        self._tried = asyncio.Event()  # to listen, with or without success
        self.opening = asyncio.create_task(self._open())

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
            layer = get_channel_layer()
            try:
                channel = await asyncio.wait_for(layer.new_channel(), LAYER_TIMEOUT)
                await asyncio.wait_for(layer.group_add(group_name(self.room), channel), LAYER_TIMEOUT)
                try:
                    self._tried.set()
                    if self.is_open:
                        self.heal()
                    while True:
                        wake_up = await layer.receive(channel)
                        self.receive(Frame(self.room, wake_up["first"], wake_up["last"], wake_up["frame"]))
                finally:
                    with suppress(Exception):
                        await asyncio.wait_for(layer.group_discard(group_name(self.room), channel), LAYER_TIMEOUT)
            except Exception as error:
                self._tried.set()
                logger.warning("channel layer: %r; trying again", error)
                await asyncio.sleep(LAYER_TIMEOUT)

    def receive(self, frame: Frame) -> None:
        """A wake-up, in whatever order they come."""
        if not self.is_open:
            self._early.append(frame)
        elif frame.first > self.last + 1:
            self._wanted = max(self._wanted, frame.last)
            self.heal()
        else:
            self._deliver(frame)

    def _deliver(self, frame: Frame) -> None:
        if frame.last > self.last:
            self.last = frame.last
            for member in tuple(self.members):
                member.push(frame)

    def heal(self) -> None:
        """Fetch from the log what no wake-up brought."""
        if self._healing is None or self._healing.done():
            self._healing = asyncio.create_task(self._heal())

    async def _heal(self) -> None:
        try:
            more = True
            while more:
                missed = await _part_after(self.room, self.last)
                if missed.frame:
                    self._deliver(missed.frame)
                # What was committed while the log was read may have woken us in vain: look again.
                more = missed.more or (self.last < self._wanted and missed.frame is not None)
        except DatabaseError as error:
            logger.warning("healing %s: %s; the poll will try again", self.room, error)

    async def close(self) -> None:
        tasks = [task for task in (self._listening, self.opening, self._healing) if task]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


class Hub:
    """All feeds of a process (of an event loop, to be exact), the poll that heals them, and the wake-ups to others."""

    def __init__(self) -> None:
        self._feeds: dict[str, Feed] = {}
        self._outbound: deque[Frame] = deque(maxlen=1000)  # what is dropped, the others' poll finds
        self.tells_others = not isinstance(get_channel_layer(), InMemoryChannelLayer)  # there are none in this memory
        self._publishing: asyncio.Task[None] | None = None
        self._polling = asyncio.create_task(self._poll())

    async def join(self, room: str, member: Member, after: int | None) -> tuple[int, bool]:
        """Make `member` one of the room's: it collects frames from now on, until `Member.go_live`.

        Returns the room's newest number, and whether `replay` can bring the member there from `after`.

        Raises:
            django.db.Error: the log cannot be read.
        """
        feed = self._feeds.get(room)
        if feed is None or (feed.opening.done() and not feed.is_open):
            failed, feed = feed, Feed(room)
            self._feeds[room] = feed
            if failed:
                await failed.close()
        feed.members.add(member)
        feed.idle_since = None
        try:
            if not feed.is_open:
                await asyncio.shield(feed.opening)
            # Where the feed stands a member can stand too; whatever the feed has missed, it will hand on.
            return (feed.last, True) if after in (None, feed.last) else await _standing(room, after)
        except BaseException:
            self.leave(room, member)
            raise

    async def replay(self, room: str, after: int, seq: int) -> AsyncIterator[Frame]:
        """What happened after `after`, at least up to `seq`, read as it is taken so that nobody's replay fills memory.

        Raises:
            django.db.Error: the log cannot be read.
        """
        while after < seq:
            part = await _part_after(room, after)
            if part.frame is None:
                return
            yield part.frame
            after = part.frame.last

    def newest(self, room: str) -> int:
        """The room's newest number as far as this process has heard."""
        feed = self._feeds.get(room)
        return feed.last if feed else 0

    def leave(self, room: str, member: Member) -> None:
        member.stop()
        if feed := self._feeds.get(room):
            feed.members.discard(member)
            if not feed.members:
                feed.idle_since = asyncio.get_running_loop().time()

    def announce(self, frames: Iterable[Frame]) -> None:
        """Tell the members here at once, and the other processes by the channel layer, for which nobody waits."""
        for frame in frames:
            if feed := self._feeds.get(frame.room):
                feed.receive(frame)
            if self.tells_others:
                self._outbound.append(frame)
        if self._outbound and (self._publishing is None or self._publishing.done()):
            self._publishing = asyncio.create_task(self._publish())

    async def _publish(self) -> None:
        while self._outbound:
            frame = self._outbound.popleft()
            try:
                await asyncio.wait_for(wake_others(frame), LAYER_TIMEOUT)
            except Exception as error:
                logger.warning("channel layer: %r; %s is left to the poll", error, frame.room)

    async def _poll(self) -> None:
        while True:
            await asyncio.sleep(settings.CHAT_POLL_SECONDS)
            await self._close_idle_feeds()
            rooms = [room for room, feed in self._feeds.items() if feed.is_open]
            try:
                heads = await _heads(rooms) if rooms else {}
            except DatabaseError as error:
                logger.warning("poll: %s", error)
                continue
            for room, seq in heads.items():
                feed = self._feeds.get(room)
                if feed and feed.is_open and seq > feed.last:
                    logger.info("poll: %s is %d behind, healing", room, seq - feed.last)
                    feed.heal()

    async def _close_idle_feeds(self) -> None:
        now = asyncio.get_running_loop().time()
        idle = [f for f in self._feeds.values() if f.idle_since is not None and now - f.idle_since > LINGER_SECONDS]
        for feed in idle:
            del self._feeds[feed.room]
        for feed in idle:
            await feed.close()

    async def close(self) -> None:
        self._polling.cancel()
        if self._publishing:
            self._publishing.cancel()
        feeds, self._feeds = self._feeds, {}
        for feed in feeds.values():
            await feed.close()


_hubs: WeakKeyDictionary[asyncio.AbstractEventLoop, Hub] = WeakKeyDictionary()


def hub() -> Hub:
    """The hub of the running event loop."""
    loop = asyncio.get_running_loop()
    if loop not in _hubs:
        _hubs[loop] = Hub()
    return _hubs[loop]


def group_name(room: str) -> str:
    """The channel layer's group of a room. Its title may hold letters that a group's name may not."""
    return "room." + hashlib.sha256(room.encode()).hexdigest()[:32]


async def wake_others(frame: Frame) -> None:
    """Tell whoever follows the room that it changed, and how."""
    wake_up = {"type": "room.changed", "first": frame.first, "last": frame.last, "frame": frame.text}
    await get_channel_layer().group_send(group_name(frame.room), wake_up)
