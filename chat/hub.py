"""All feeds of a process: joining and leaving, the poll that heals them, and the wake-ups to other processes.

WebSocket, SSE and long-poll are members of the same feeds: join first, then replay, then live, without gap or repeat.
"""

import asyncio
import logging
from collections import deque
from collections.abc import AsyncIterator, Iterable
from weakref import WeakKeyDictionary

from channels.layers import InMemoryChannelLayer, get_channel_layer
from django.conf import settings
from django.db import Error as DatabaseError

from chat import log, metrics
from chat.database import reading
from chat.events import Frame
from chat.feed import LAYER_TIMEOUT, Feed, wake_others
from chat.member import Member
from chat.request_id import for_everyone
from chat.sessions import Watch

logger = logging.getLogger(__name__)

LINGER_SECONDS = 10.0  # for which a room without members is still followed

_heads = reading(log.heads)
_standing = reading(log.standing)
_part_after = reading(log.part_after)


class Hub:
    """The feeds of one event loop."""

    def __init__(self) -> None:
        self._feeds: dict[str, Feed] = {}
        self._closing: set[asyncio.Task[None]] = set()
        self._outbound: deque[Frame] = deque(maxlen=1000)  # what is dropped, the others' poll finds
        self.tells_others = not isinstance(get_channel_layer(), InMemoryChannelLayer)  # there are none in this memory
        self._publishing: asyncio.Task[None] | None = None
        self.sessions = Watch()
        self._polling = for_everyone(self._poll())

    async def join(self, room: str, member: Member, after: int | None) -> tuple[int, bool]:
        """Make `member` one of the room's: it collects frames from now on, until `Member.go_live`.

        Returns the room's newest number, and whether `replay` can bring the member there from `after`.

        Raises:
            django.db.Error: the log cannot be read.
        """
        feed = self._feeds.get(room)
        if feed is None or (feed.opening.done() and not feed.is_open):
            if feed:
                self._close(feed)
            feed = self._feeds[room] = Feed(room)
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
            self._close_idle_feeds()
            try:
                await self._heal_all()
                await self.sessions.look()
            except DatabaseError as error:
                logger.warning("poll: %s", error)
            except Exception:  # without the poll nothing would heal any more
                logger.exception("poll")

    async def _heal_all(self) -> None:
        stood = {feed: feed.last for feed in self._feeds.values() if feed.is_open}
        heads = await _heads([feed.room for feed in stood]) if stood else {}
        for feed, last in stood.items():
            seq = heads.get(feed.room, 0)
            if seq > feed.last:
                logger.info("poll: %s is %d behind, healing", feed.room, seq - feed.last)
                feed.heal()
            elif seq < last and self._feeds.get(feed.room) is feed:
                logger.warning("poll: %s went back from %d to %d, as after a restore", feed.room, last, seq)
                del self._feeds[feed.room]
                self._close(feed)
                feed.dismiss()

    def _close_idle_feeds(self) -> None:
        now = asyncio.get_running_loop().time()
        idle = [f for f in self._feeds.values() if f.idle_since is not None and now - f.idle_since > LINGER_SECONDS]
        for feed in idle:
            del self._feeds[feed.room]
            self._close(feed)

    def _close(self, feed: Feed) -> None:
        """In the background: with a channel layer that does not answer it takes a while."""
        closing = asyncio.create_task(feed.close())
        self._closing.add(closing)
        closing.add_done_callback(self._closing.discard)

    async def close(self) -> None:
        self._polling.cancel()
        if self._publishing:
            self._publishing.cancel()
        for feed in self._feeds.values():
            self._close(feed)
        self._feeds.clear()
        if self._closing:
            await asyncio.wait(self._closing, timeout=LAYER_TIMEOUT)


_hubs: WeakKeyDictionary[asyncio.AbstractEventLoop, Hub] = WeakKeyDictionary()


def hub() -> Hub:
    """The hub of the running event loop."""
    loop = asyncio.get_running_loop()
    if loop not in _hubs:
        _hubs[loop] = Hub()
    return _hubs[loop]


metrics.ROOMS.set_function(lambda: sum(len(each._feeds) for each in _hubs.values()))
