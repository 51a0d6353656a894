"""The feed against wake-ups that get lost, come twice or out of order, and against members that are slow."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from channels.db import database_sync_to_async
from channels.layers import get_channel_layer
from channels_redis.pubsub import RedisPubSubChannelLayer
from django.db import OperationalError

from accounts.sessions import Look
from chat import hub as hubs, layer as layers, people, posting, subscriber
from chat.events import Frame, Whisper
from chat.feed import Feed, group_name, wake_up
from chat.hub import DATABASE_LOG, Hub
from chat.identity import Identity, stranger
from chat.layer import Layer
from chat.log import Head, Part
from chat.models import Room
from chat.protocol import Event, Refused
from chat.subscriber import Subscriber
from chat.verbs import Say
from e2e.servers import free_port

pytestmark = pytest.mark.django_db(transaction=True)


class Reader:
    """A line that takes what it is sent, while it `reads`."""

    def __init__(self, you: Identity | None = None) -> None:
        self.heard: list[int] = []
        self.events: list[Event] = []  # its own, and hints
        self.frames = 0
        self.news = asyncio.Condition()
        self.reads = asyncio.Event()
        self.reads.set()
        self.closed: int | None = None
        self.subscriber = Subscriber("lobby", you or stranger(), self)

    async def send_event(self, event: Event) -> None:
        async with self.news:
            self.events.append(event)
            self.news.notify_all()

    async def send_frame(self, frame: Frame | Whisper) -> None:
        await self.reads.wait()
        if isinstance(frame, Whisper):
            await self.send_event(json.loads(frame.text))
            return
        async with self.news:
            self.frames += 1
            self.heard += [event["seq"] for event in frame.events]
            self.news.notify_all()

    def end(self, code: int, refused: Refused | None) -> None:
        self.closed = code

    async def has_heard(self, *seqs: int) -> None:
        async with asyncio.timeout(5), self.news:
            await self.news.wait_for(lambda: len(self.heard) >= len(seqs))
        assert self.heard == [*seqs]

    async def was_sent(self, kind: str) -> Event:
        async with asyncio.timeout(5), self.news:
            await self.news.wait_for(lambda: any(event["type"] == kind for event in self.events))
        return next(event for event in self.events if event["type"] == kind)


async def nothing_new(tickets: object) -> Look:
    return Look()


def a_hub(**options: Any) -> Hub:
    """One process. Several of them share the layer and the log."""
    layer = Layer(get_channel_layer(), reaches_others=options.pop("reaches_others", False))
    return Hub(**{"layer": layer, "log": DATABASE_LOG, "look": nothing_new, "poll_seconds": 60.0} | options)


@pytest.fixture
async def hub() -> AsyncIterator[Hub]:
    hub = a_hub()
    yield hub
    await hub.close()


async def said(author: Identity, *texts: str) -> list[Frame]:
    """The frames of so many messages, each in a transaction of its own; nobody is told of them."""
    frames = []
    for text in texts:
        frames += (await database_sync_to_async(posting.commit)([Say("lobby", author, text, uuid4())]))[1]
    return frames


async def joined(hub: Hub, after: int | None = None, you: Identity | None = None) -> tuple[Reader, Feed]:
    reader = Reader(you)
    await hub.follow(reader.subscriber, after)
    return reader, hub._feeds["lobby"]


async def test_wake_ups_out_of_order_are_put_in_order_from_the_log(hub: Hub, ada: Identity) -> None:
    reader, followed = await joined(hub)
    one, two, three = await said(ada, "a", "b", "c")
    followed.receive(two)
    followed.receive(three)
    followed.receive(one)
    await reader.has_heard(1, 2, 3)


async def test_a_wake_up_that_comes_twice_is_delivered_once(hub: Hub, ada: Identity) -> None:
    reader, followed = await joined(hub)
    for frame in await said(ada, "a", "b"):
        followed.receive(frame)
        followed.receive(frame)
    await reader.has_heard(1, 2)


async def test_what_is_due_at_once_is_one_frame_whoever_stored_it(hub: Hub, ada: Identity) -> None:
    reader, followed = await joined(hub)
    a, b, c, d = await said(ada, "a", "b", "c", "d")
    for frame in (a, b, Frame("lobby", 2, 3, f"[{b.text},{c.text}]"), d):  # overlapping, as a healing may be
        followed.receive(frame)
    await reader.has_heard(1, 2, 3, 4)
    assert reader.frames == 1


async def test_a_wake_up_that_never_comes_is_made_up_for_by_the_poll(ada: Identity) -> None:
    polling = a_hub(poll_seconds=0.05)
    reader, _ = await joined(polling)
    await said(ada, "a", "b")
    await reader.has_heard(1, 2)
    await polling.close()


async def test_more_than_a_replay_holds_is_healed_part_by_part(hub: Hub, ada: Identity) -> None:
    reader, followed = await joined(hub)
    await database_sync_to_async(posting.commit)([Say("lobby", ada, "x", uuid4()) for _ in range(1203)])
    followed.heal()
    await reader.has_heard(*range(1, 1204))


async def test_what_is_said_while_a_member_joins_reaches_it_once(hub: Hub, ada: Identity) -> None:
    _, followed = await joined(hub)
    reader = Reader()
    following = asyncio.create_task(hub.follow(reader.subscriber, 0))
    for frame in await said(ada, *"abcde"):
        followed.receive(frame)
    await following
    await reader.has_heard(1, 2, 3, 4, 5)


async def test_processes_wake_each_other_by_the_channel_layer(hub: Hub, ada: Identity) -> None:
    other = a_hub(reaches_others=True)  # as with Redis
    reader, _ = await joined(hub)
    other.announce(await said(ada, "a"))
    await reader.has_heard(1)
    await other.close()


async def test_a_whisper_reaches_everybody_in_the_room_on_every_process_and_has_no_number(hub: Hub) -> None:
    other = a_hub(reaches_others=True)
    (here, _), (there, _) = await joined(other), await joined(hub)
    other.whisper("lobby", {"type": "typing", "author": {"id": "guest-1", "name": "Ada"}})
    for reader in (here, there):
        assert "seq" not in await reader.was_sent("typing")
    assert here.subscriber.seen == there.subscriber.seen == 0
    await other.close()


async def test_a_whisper_is_not_kept_for_one_with_whom_something_waits(hub: Hub) -> None:
    slow, followed = await joined(hub)
    slow.reads.clear()
    followed.receive(Frame("lobby", 1, 1, '{"seq":1}'))
    await asyncio.sleep(0)
    waiting = slow.subscriber.waiting
    hub.whisper("lobby", {"type": "typing"})
    assert slow.subscriber.waiting == waiting


async def test_another_name_reaches_ones_other_tabs_on_every_process_and_nobody_else(
    hub: Hub, ada: Identity, bob: Identity
) -> None:
    other = a_hub(reaches_others=True)
    (tab, _), (bobs, _) = await joined(hub, you=ada), await joined(hub, you=bob)
    tab.events.clear(), bobs.events.clear()
    other.people.whisper_to([ada.id], {"type": "hello", "you": {"id": ada.id, "name": "Countess"}})
    assert (await tab.was_sent("hello"))["you"] == {"id": ada.id, "name": "Countess"}
    assert tab.subscriber.you.name == "Countess"
    assert not bobs.events
    await other.close()


async def test_what_others_say_on_the_rooms_channel_is_not_listened_to(hub: Hub, ada: Identity) -> None:
    reader, _ = await joined(hub)
    layer = get_channel_layer()
    for message in ({"type": "layers.message", "text": "hello"}, {"type": "chat.message"}):
        await layer.group_send(group_name("lobby"), message)
        await layer.group_send(people.GROUP, message)
    (frame,) = await said(ada, "a")
    await layer.group_send(group_name("lobby"), wake_up(frame))
    await reader.has_heard(1)


async def test_a_member_that_does_not_read_costs_the_others_nothing_and_is_given_up(hub: Hub) -> None:
    slow, followed = await joined(hub)
    quick, _ = await joined(hub)
    slow.reads.clear()
    text = '{"seq":%d,"x":"' + "x" * 100_000 + '"}'
    for n in range(1, 31):
        followed.receive(Frame("lobby", n, n, text % n))
    await quick.has_heard(*range(1, 31))
    assert slow.closed == 4408
    assert slow.subscriber.waiting <= subscriber.BACKLOG_MAX


async def test_a_room_that_nobody_follows_any_more_is_let_go(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hubs, "LINGER_SECONDS", -1.0)
    reader, _ = await joined(hub)
    hub.leave(reader.subscriber)
    hub._close_idle_feeds()
    assert not hub._feeds


def test_groups_are_named_without_the_rooms_title() -> None:
    assert group_name("学习").isascii()
    assert group_name("学习") != group_name("lobby")


async def test_what_wakes_a_feed_while_it_reads_the_log_is_not_left_to_the_poll(ada: Identity) -> None:
    one, two, three = await said(ada, "a", "b", "c")

    async def slowly(room: str, after: int) -> Part:
        if after == 0:  # as if the third had been committed after this was read
            followed.receive(three)
            return Part(Frame("lobby", 1, 2, f"[{one.text},{two.text}]"))
        return await DATABASE_LOG.part_after(room, after)

    async def at_the_beginning(rooms: list[str]) -> dict[str, Head]:
        return {}

    hub = a_hub(log=replace(DATABASE_LOG, part_after=slowly, heads=at_the_beginning))
    reader, followed = await joined(hub)
    followed.receive(two)
    await reader.has_heard(1, 2, 3)
    await hub.close()


async def test_a_feed_that_could_not_be_opened_leaves_nothing_behind() -> None:
    is_down = True

    async def heads(rooms: list[str]) -> dict[str, Head]:
        if is_down:
            raise OperationalError("gone")
        return {}

    hub = a_hub(log=replace(DATABASE_LOG, heads=heads))
    await asyncio.sleep(0)
    tasks = len(asyncio.all_tasks())
    for _ in range(5):
        with pytest.raises(OperationalError):
            await hub.follow(Reader().subscriber, None)
    is_down = False
    await joined(hub)
    await asyncio.wait(hub._tasks)
    assert len(asyncio.all_tasks()) <= tasks + 1  # it listens
    await hub.close()


async def test_members_of_a_room_that_went_back_are_sent_away_and_told_so_when_they_return(
    hub: Hub, ada: Identity
) -> None:
    hub.announce(await said(ada, "a", "b", "c"))
    reader, _ = await joined(hub, after=0)
    await reader.has_heard(1, 2, 3)
    await Room.objects.filter(name="lobby").aupdate(seq=1)  # as after a restore
    await hub._heal_all()
    assert reader.closed
    back, _ = await joined(hub, after=3)
    assert await back.was_sent("reset") == {"type": "reset", "seq": 1}
    again, _ = await joined(hub, after=1)
    hub.announce([Frame("lobby", 2, 2, '{"seq":2}')])
    await again.has_heard(2)


async def test_a_redis_that_is_down_leaves_no_channel_behind_that_would_fill() -> None:
    layer = RedisPubSubChannelLayer(hosts=[f"redis://127.0.0.1:{free_port()}"])
    hub = a_hub(layer=Layer(layer))
    _, followed = await joined(hub)
    assert followed._tried.is_set()
    assert not layer.channels
    await hub.close()
    await layer.flush()


async def test_a_layer_that_does_not_answer_when_a_feed_is_closed_holds_nobody_up(
    hub: Hub, ada: Identity, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended = asyncio.Event()

    async def never(group: str, channel: str) -> None:
        await ended.wait()

    gone, _ = await joined(hub)
    hub.leave(gone.subscriber)
    monkeypatch.setattr(hubs, "LINGER_SECONDS", -1.0)
    with monkeypatch.context() as silent:
        silent.setattr(get_channel_layer(), "group_discard", never)
        hub._close_idle_feeds()
        silent.setattr(layers, "TIMEOUT", 60.0)
        async with asyncio.timeout(30):
            reader, _ = await joined(hub)
            hub.announce(await said(ada, "a"))
            await reader.has_heard(1)
        assert hub._tasks, "else this showed nothing"
        ended.set()
