"""All feeds of a process: following a room, the poll that heals them, hints, and the wake-ups to other processes.

WebSocket, SSE and long-poll are members of the same feeds: join first, then replay, then live, without gap or repeat.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Iterable, Sequence
from typing import Any
from weakref import WeakKeyDictionary

from channels.layers import InMemoryChannelLayer, get_channel_layer
from django.conf import settings
from django.db import Error as DatabaseError

from accounts.sessions import look
from chat import protocol
from chat.database import reading
from chat.events import Frame, Whisper, hello_event
from chat.feed import TAKEN_AWAY, WHISPER, Feed, group_name, wake_up
from chat.identity import Identity
from chat.layer import TIMEOUT, Layer
from chat.limits import Connections
from chat.log import DATABASE_LOG, Head, Log
from chat.observed import metrics
from chat.observed.request_id import for_everyone
from chat.people import Companion, LookAt, People
from chat.permissions import why_not_enter
from chat.protocol import TOO_SLOW, Event, Refused
from chat.subscriber import Subscriber
from chat.writer import Writer

logger = logging.getLogger(__name__)

LINGER_SECONDS = 10.0  # for which a room without members is still followed
REPLAYS_READ = 2  # parts of replays that are read at once: a crowd that comes back leaves threads to the pages
REPLAY_TIMEOUT = 30.0  # seconds for a client to take one frame of its replay

Companions = Sequence[Callable[["Hub"], Companion]]
companions: list[Callable[["Hub"], Companion]] = []  # of the process's hub: filled in chat.features


class Hub:
    """The feeds of one event loop, and its writer. Several can run side by side, each with its own layer and log."""

    def __init__(
        self, *, layer: Layer, log: Log, look: LookAt, poll_seconds: float, companions: Companions = ()
    ) -> None:
        self.writer = Writer(log.commit, self.announce)
        self._layer, self._log, self._poll_seconds = layer, log, poll_seconds
        self.people = People(layer, look)
        self.listeners: list[Callable[[Frame], None]] = []  # hear of what was committed in this process
        self._feeds: dict[str, Feed] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._connections = Connections()
        self._reading_replays = asyncio.Semaphore(REPLAYS_READ)
        self._polling = for_everyone(self._poll())
        self.people.companions += [make(self) for make in companions]

    async def follow(self, subscriber: Subscriber, after: int | None) -> None:
        """Make it a member of its room's feed: `hello`, what happened after `after`, and from then on live.

        Returns once it is live, or its line has ended. The caller calls `leave` in the end.

        Raises:
            Refused: this person may not read the room or know of it, or has too many connections.
            django.db.Error: the log cannot be read.
        """
        if barred := why_not_enter(subscriber.you):
            raise barred
        self._connections.enter(subscriber.you)
        subscriber.has_entered = True
        feed = await self._join(subscriber)
        subscriber.access = -1 if feed.admission.public_at is None else feed.admission.public_at
        head, can_replay = Head(feed.last), True
        # Where the feed stands a member can stand too; whatever the feed has missed, it will hand on.
        if after not in (None, feed.last):
            head, can_replay = await self._log.standing(feed.room, after)
        await self._let_in(subscriber, head.access)
        seq = head.seq
        await subscriber.line.send_event(hello_event(feed.room, seq, subscriber.you))
        if not can_replay:
            await subscriber.line.send_event({"type": "reset", "seq": seq})
        elif after is not None:
            seq = await self._replay(subscriber, feed, after, seq)
        asked = -1
        while asked < subscriber.needs:  # of what came in meanwhile
            asked = subscriber.needs
            await self._let_in(subscriber, asked)
        if not subscriber.is_over:
            feed.admission.let_in(subscriber)
            subscriber.go_live(seq)
            self.people.came(subscriber)

    async def _join(self, subscriber: Subscriber) -> Feed:
        """It collects frames from now on, until `Subscriber.go_live`."""
        room = subscriber.room
        feed = self._feeds.get(room)
        if feed is None or (feed.opening.done() and not feed.is_open):
            if feed:
                self._start(feed.close())
            feed = self._feeds[room] = Feed(room, self._layer, self._log)
        feed.members.add(subscriber)
        feed.idle_since = None
        self.people.enter(subscriber)
        if not feed.is_open:
            await asyncio.shield(feed.opening)
        return feed

    async def _replay(self, subscriber: Subscriber, feed: Feed, after: int, seq: int) -> int:
        """Send what happened after `after`, at least up to `seq`, read as it is taken. Returns the last number sent."""
        while after < seq:
            async with self._reading_replays:
                part = await self._log.part_after(feed.room, after)
            if part.frame is None or subscriber.is_over:
                break
            await self._let_in(subscriber, part.frame.access)
            try:
                async with asyncio.timeout(REPLAY_TIMEOUT):
                    await subscriber.line.send_frame(part.frame)
            except TimeoutError:
                subscriber.end(TOO_SLOW)
            after = part.frame.last
        return after

    async def _let_in(self, subscriber: Subscriber, access: int) -> None:
        """Read first, ask after: unless they were let in under the number of what was read. Raises Refused."""
        if subscriber.access < access:
            rights = await self._log.rights(subscriber.room, [subscriber.you])
            if refused := rights.why_not(subscriber.you):
                raise refused
            subscriber.access = rights.access

    async def why_not(self, you: Identity, room: str) -> Refused | None:
        """None if they may know of the room. A public one that is followed here costs nothing."""
        feed = self._feeds.get(room)
        if feed and feed.is_open and feed.admission.public_at is not None:
            return None
        return (await self._log.rights(room, [you])).why_not(you)

    def leave(self, subscriber: Subscriber) -> None:
        subscriber.is_over = True
        subscriber.stop()
        if subscriber.has_entered:
            self._connections.leave(subscriber.you)
        if feed := self._feeds.get(subscriber.room):
            feed.members.discard(subscriber)
            if not feed.members:
                feed.idle_since = asyncio.get_running_loop().time()
        self.people.leave(subscriber)

    def announce(self, frames: Iterable[Frame]) -> None:
        """To the members here at once, and to the other processes by the channel layer, for which nobody waits."""
        for frame in frames:
            if feed := self._feeds.get(frame.room):
                feed.receive(frame)
            self._layer.publish(group_name(frame.room), wake_up(frame))
            for listener in self.listeners:
                listener(frame)

    def whisper(self, room: str, event: Event) -> None:
        """A hint to everybody in a room."""
        whisper, access = Whisper(room, protocol.encode([event])), 0
        if feed := self._feeds.get(room):
            access = feed.admission.access
            feed.whisper(whisper, access)
        self._layer.publish(group_name(room), {"type": WHISPER, "event": whisper.text, "access": access})

    def take_away(self, room: str, access: int) -> None:
        """Somebody lost a right in a room, under this number: who may not stay is sent away, in all processes."""
        if feed := self._feeds.get(room):
            feed.admission.suffices(access)
        self._layer.publish(group_name(room), {"type": TAKEN_AWAY, "access": access})

    async def _poll(self) -> None:
        while True:
            await asyncio.sleep(self._poll_seconds)
            self._close_idle_feeds()
            try:
                await self._heal_all()
                await self.people.look()
            except DatabaseError as error:
                logger.warning("poll: %s", error)
            except Exception:  # without the poll nothing would heal any more
                logger.exception("poll")

    async def _heal_all(self) -> None:
        stood = {feed: feed.last for feed in self._feeds.values() if feed.is_open}
        heads = await self._log.heads([feed.room for feed in stood]) if stood else {}
        for feed, last in stood.items():
            head = heads.get(feed.room, Head())
            feed.admission.know(head.kind, head.access)
            feed.admission.suffices(head.access)
            if head.seq > feed.last:
                logger.info("poll: %s is %d behind, healing", feed.room, head.seq - feed.last)
                feed.heal()
            elif head.seq < last and self._feeds.get(feed.room) is feed:
                logger.warning("poll: %s went back from %d to %d, as after a restore", feed.room, last, head.seq)
                del self._feeds[feed.room]
                self._start(feed.close())
                for member in tuple(feed.members):  # they come back with what they have seen, and get a `reset`
                    member.end(TOO_SLOW)

    def _close_idle_feeds(self) -> None:
        now = asyncio.get_running_loop().time()
        idle = [f for f in self._feeds.values() if f.idle_since is not None and now - f.idle_since > LINGER_SECONDS]
        for feed in idle:
            del self._feeds[feed.room]
            self._start(feed.close())

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        """In the background: with a channel layer that does not answer it takes a while."""
        self._tasks.add(task := asyncio.create_task(work))
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        self._polling.cancel()
        self.people.listening.cancel()
        self._layer.close()
        for close in [each.close for each in self._feeds.values()] + [each.close for each in self.people.companions]:
            self._start(close())
        self._feeds.clear()
        await asyncio.wait({self.people.listening, *self._tasks}, timeout=TIMEOUT)


_look = reading(look)
_hubs: WeakKeyDictionary[asyncio.AbstractEventLoop, Hub] = WeakKeyDictionary()


def hub() -> Hub:
    """The hub of the running event loop: the one of this process."""
    loop = asyncio.get_running_loop()
    if loop not in _hubs:
        channel_layer = get_channel_layer()
        in_memory = isinstance(channel_layer, InMemoryChannelLayer)  # there are no others in this memory
        layer = Layer(channel_layer, reaches_others=not in_memory)
        seconds = settings.CHAT_POLL_SECONDS
        _hubs[loop] = Hub(layer=layer, log=DATABASE_LOG, look=_look, poll_seconds=seconds, companions=companions)
    return _hubs[loop]


metrics.ROOMS.set_function(lambda: sum(len(each._feeds) for each in _hubs.values()))
