"""The feed against wake-ups that get lost, come twice or out of order, and against members that are slow."""

import asyncio
from collections.abc import AsyncIterator
from uuid import uuid4

import pytest
from channels.db import database_sync_to_async
from channels.layers import get_channel_layer
from channels_redis.pubsub import RedisPubSubChannelLayer
from django.db import OperationalError

from chat import feed, hub as hubs, member, posting
from chat.events import Frame
from chat.feed import Feed
from chat.hub import Hub
from chat.identity import Identity
from chat.log import Part
from chat.member import Member
from chat.models import Room
from chat.posting import Say
from e2e.servers import free_port

pytestmark = pytest.mark.django_db(transaction=True)


class Reader(Member):
    def __init__(self) -> None:
        self.heard: list[int] = []
        self.frames = 0
        self.news = asyncio.Condition()
        self.reads = asyncio.Event()
        self.reads.set()
        self.closed = False
        super().__init__(self.take, self.close)

    async def take(self, frame: Frame) -> None:
        await self.reads.wait()
        async with self.news:
            self.frames += 1
            self.heard += [event["seq"] for event in frame.events]
            self.news.notify_all()

    def close(self) -> None:
        self.closed = True

    async def has_heard(self, *seqs: int) -> None:
        async with asyncio.timeout(5), self.news:
            await self.news.wait_for(lambda: len(self.heard) >= len(seqs))
        assert self.heard == [*seqs]


@pytest.fixture
async def hub() -> AsyncIterator[Hub]:
    hub = Hub()
    yield hub
    await hub.close()


async def said(author: Identity, *texts: str) -> list[Frame]:
    """The frames of so many messages, each in a transaction of its own; nobody is told of them."""
    frames = []
    for text in texts:
        frames += (await database_sync_to_async(posting.commit)([Say("lobby", author, text, uuid4())]))[1]
    return frames


async def joined(hub: Hub, after: int | None = None) -> tuple[Reader, Feed]:
    reader = Reader()
    seq, _ = await hub.join("lobby", reader, after)
    await caught_up(hub, reader, after, seq)
    return reader, hub._feeds["lobby"]


async def caught_up(hub: Hub, reader: Reader, after: int | None, seq: int) -> None:
    if after is not None:
        async for frame in hub.replay("lobby", after, seq):
            await reader.take(frame)
            seq = frame.last
    reader.go_live(seq)


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


async def test_a_wake_up_that_never_comes_is_made_up_for_by_the_poll(hub: Hub, ada: Identity, settings: object) -> None:
    settings.CHAT_POLL_SECONDS = 0.05  # type: ignore[attr-defined]
    polling = Hub()
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
    joining = asyncio.create_task(hub.join("lobby", reader, 0))
    for frame in await said(ada, *"abcde"):
        followed.receive(frame)
    seq, _ = await joining
    await caught_up(hub, reader, 0, seq)
    await reader.has_heard(1, 2, 3, 4, 5)


async def test_processes_tell_each_other_by_the_channel_layer(hub: Hub, ada: Identity) -> None:
    other = Hub()
    reader, _ = await joined(other)
    hub.tells_others = True  # as with Redis
    hub.announce(await said(ada, "a"))
    await reader.has_heard(1)
    await other.close()


async def test_what_others_say_on_the_rooms_channel_is_not_listened_to(hub: Hub, ada: Identity) -> None:
    reader, _ = await joined(hub)
    layer = get_channel_layer()
    for stranger in ({"type": "layers.message", "text": "hello"}, {"type": "chat.message"}):
        await layer.group_send(feed.group_name("lobby"), stranger)
    (frame,) = await said(ada, "a")
    await feed.wake_others(frame)
    await reader.has_heard(1)


async def test_a_member_that_does_not_read_costs_the_others_nothing_and_is_given_up(hub: Hub) -> None:
    slow, followed = await joined(hub)
    quick, _ = await joined(hub)
    slow.reads.clear()
    text = '{"seq":%d,"x":"' + "x" * 100_000 + '"}'
    for n in range(1, 31):
        followed.receive(Frame("lobby", n, n, text % n))
    await quick.has_heard(*range(1, 31))
    assert slow.closed
    assert slow.waiting <= member.BACKLOG_MAX


async def test_a_room_that_nobody_follows_any_more_is_let_go(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hubs, "LINGER_SECONDS", -1.0)
    reader, _ = await joined(hub)
    hub.leave("lobby", reader)
    hub._close_idle_feeds()
    assert not hub._feeds


def test_groups_are_named_without_the_rooms_title() -> None:
    assert feed.group_name("学习").isascii()
    assert feed.group_name("学习") != feed.group_name("lobby")


async def test_what_wakes_a_feed_while_it_reads_the_log_is_not_left_to_the_poll(
    hub: Hub, ada: Identity, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader, followed = await joined(hub)
    read = feed._part_after
    one, two, three = await said(ada, "a", "b", "c")

    async def slowly(room: str, after: int) -> Part:
        part = await read(room, after)
        if after == 0:  # as if the third had been committed after this was read
            followed.receive(three)
            return Part(two.after(0) and Frame("lobby", 1, 2, f"[{one.text},{two.text}]"))
        return part

    monkeypatch.setattr(feed, "_part_after", slowly)
    followed.receive(two)
    await reader.has_heard(1, 2, 3)


async def test_a_feed_that_could_not_be_opened_leaves_nothing_behind(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    async def down(room: str) -> int:
        raise OperationalError("gone")

    tasks = len(asyncio.all_tasks())
    head = feed._head
    monkeypatch.setattr(feed, "_head", down)
    for _ in range(5):
        with pytest.raises(OperationalError):
            await hub.join("lobby", Reader(), None)
    monkeypatch.setattr(feed, "_head", head)
    await joined(hub)
    assert len(asyncio.all_tasks()) <= tasks + 1  # it listens


async def test_members_of_a_room_that_went_back_are_sent_away_and_told_so_when_they_return(
    hub: Hub, ada: Identity
) -> None:
    hub.announce(await said(ada, "a", "b", "c"))
    reader, _ = await joined(hub, after=0)
    await reader.has_heard(1, 2, 3)
    await Room.objects.filter(name="lobby").aupdate(seq=1)  # as after a restore
    await hub._heal_all()
    assert reader.closed
    assert await hub.join("lobby", Reader(), 3) == (1, False)
    again, _ = await joined(hub, after=1)
    hub.announce([Frame("lobby", 2, 2, '{"seq":2}')])
    await again.has_heard(2)


async def test_a_redis_that_is_down_leaves_no_channel_behind_that_would_fill(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    layer = RedisPubSubChannelLayer(hosts=[f"redis://127.0.0.1:{free_port()}"])
    monkeypatch.setattr(feed, "get_channel_layer", lambda: layer)
    _, followed = await joined(hub)
    assert followed._tried.is_set()
    assert not layer.channels
    await layer.flush()


async def test_a_layer_that_does_not_answer_when_a_feed_is_closed_holds_nobody_up(
    hub: Hub, ada: Identity, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended = asyncio.Event()

    async def never(group: str, channel: str) -> None:
        await ended.wait()

    gone, _ = await joined(hub)
    hub.leave("lobby", gone)
    monkeypatch.setattr(hubs, "LINGER_SECONDS", -1.0)
    with monkeypatch.context() as silent:
        silent.setattr(get_channel_layer(), "group_discard", never)
        hub._close_idle_feeds()
        silent.setattr(feed, "LAYER_TIMEOUT", 60.0)
        async with asyncio.timeout(30):
            reader, _ = await joined(hub)
            hub.announce(await said(ada, "a"))
            await reader.has_heard(1)
        assert hub._closing, "else this showed nothing"
        ended.set()
