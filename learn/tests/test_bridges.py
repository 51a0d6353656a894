"""The four bridges: each loses what its page says that the step before loses, and mends it."""

import asyncio
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from channels.layers import channel_layers
from django.test import AsyncClient

from learn import listing
from learn.bridges import feed, lease, live, log
from learn.bridges.catalog import BRIDGES, Bridge
from learn.bridges.writer import Writer
from learn.catalog import ROOT
from learn.demos.group_async import ChatConsumer
from learn.lab.layer import Port, Shared
from learn.lab.reader import Reader
from learn.lab.socket import Socket
from learn.path import PATH

DEMO = "learn.demos.group_async"
each_bridge = pytest.mark.parametrize("bridge", BRIDGES.values(), ids=BRIDGES)


async def test_a_group_loses_what_is_said_in_a_cut_and_a_log_sends_it_again() -> None:
    assert await live.log_rows() == BRIDGES["a-log"].after


async def test_a_log_alone_loses_what_the_layer_drops_and_a_feed_reads_it() -> None:
    assert await live.feed_rows() == BRIDGES["a-feed"].after


class Meanwhile(Port):
    """A layer at which something is said just before somebody joins a group, and just after."""

    async def group_add(self, group: str, channel: str) -> None:
        await self.group_send(group, log.store("lab", "1"))
        await super().group_add(group, channel)
        await self.group_send(group, log.store("lab", "2"))


@pytest.fixture
def empty_log() -> Iterator[None]:
    log.LOG.pop("lab", None)
    yield
    log.LOG.pop("lab", None)


@pytest.fixture
def at() -> Iterator[Callable[[Port], None]]:
    """Puts the consumers of these tests at a layer."""
    yield lambda layer: channel_layers.set("meanwhile", layer)
    channel_layers.backends.pop("meanwhile")


class Logged(log.LogConsumer):  # type: ignore[misc]
    channel_layer_alias = "meanwhile"


class ReadsFirst(Logged):
    """The two lines swapped, as the page asks its reader to imagine."""

    async def connect(self) -> None:
        self.seen, self.group = 0, "log.lab"
        await self.accept()
        for event in log.read_after("lab", 0):
            await self.chat_message(event)
        await self.channel_layer.group_send(self.group, log.store("lab", "2"))  # said in between
        await self.channel_layer.group_add(self.group, self.channel_name)


async def heard_by_bo(consumer: Any, last: int, query: str = "") -> list[int]:
    bo = Socket(consumer, Reader(), query)
    await bo.connect()
    await bo.reader.waits_for(last, live.PATIENCE)
    await asyncio.sleep(live.SETTLE)  # for what must not come any more
    await bo.kill()
    return bo.reader.numbers()


@pytest.mark.usefixtures("empty_log")
async def test_what_is_said_around_joining_and_before_reading_is_heard_once(at: Callable[[Port], None]) -> None:
    at(Meanwhile(Shared(capacity=100)))
    assert await heard_by_bo(Logged, 2) == [1, 2]


@pytest.mark.usefixtures("empty_log")
async def test_who_reads_first_and_then_joins_hears_not_what_is_said_in_between(at: Callable[[Port], None]) -> None:
    at(Port(Shared(capacity=100)))
    log.store("lab", "1")
    assert await heard_by_bo(ReadsFirst, 1) == [1]


@pytest.mark.usefixtures("empty_log")
@pytest.mark.parametrize(("query", "heard"), [("after=0", [1, 2, 3]), ("after=2", [3])])
async def test_who_connects_gets_what_comes_after_the_number(
    at: Callable[[Port], None], query: str, heard: list[int]
) -> None:
    at(Port(Shared(capacity=100)))
    for number in (1, 2, 3):
        log.store("lab", str(number))
    assert await heard_by_bo(Logged, 3, query) == heard


@pytest.mark.usefixtures("empty_log")
@pytest.mark.parametrize("fault", ["twice", "delay", "swap", "drop"])
async def test_a_feed_solves_twice_and_late_too(fault: str) -> None:
    async with live.on_a_layer(feed.FeedConsumer) as (consumer, port):
        bo, cy = Socket(consumer, Reader()), Socket(consumer, Reader())
        await bo.connect()
        await cy.connect()
        for number in range(1, 7):
            port.fault = fault if number == 3 else port.fault
            cy.say(number)
            await cy.reader.waits_for(number, live.SETTLE if number == 3 else live.PATIENCE)
        await asyncio.sleep(live.SETTLE)
        assert bo.reader.numbers() == [1, 2, 3, 4, 5, 6]
        await end(bo, cy, consumer=consumer)


@pytest.mark.usefixtures("empty_log")
async def test_of_two_that_are_dropped_in_a_row_the_log_is_read_once_and_of_the_last_never(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What the page leaves to think about."""
    read: list[int] = []
    monkeypatch.setattr(feed, "read_after", lambda room, seq: read.append(seq) or log.read_after(room, seq))
    async with live.on_a_layer(feed.FeedConsumer) as (consumer, port):
        bo = Socket(consumer, Reader())
        await bo.connect()
        for number in range(1, 7):
            port.fault = "drop" if number in (3, 4, 6) else ""
            bo.say(number)
            await bo.reader.waits_for(number, live.SETTLE if number in (3, 4, 6) else live.PATIENCE)
        assert bo.reader.numbers() == [1, 2, 3, 4, 5]
        assert read == [2]
        await end(bo, consumer=consumer)


@pytest.mark.usefixtures("empty_log")
@pytest.mark.parametrize(
    ("consumer", "module", "times"), [(feed.FeedConsumer, "learn.bridges.feed", 1), (ChatConsumer, DEMO, 3)]
)
async def test_a_feed_listens_once_and_encodes_once_for_all_its_members(
    monkeypatch: pytest.MonkeyPatch, consumer: Any, module: str, times: int
) -> None:
    encoded: list[object] = []
    encode = json.dumps
    async with live.on_a_layer(consumer) as (on_layer, port):
        sockets = [Socket(on_layer, Reader()) for _ in range(3)]
        for socket in sockets:
            await socket.connect()
        await asyncio.sleep(0)  # the feed begins to listen
        (group,) = port._shared.layer.groups.values()
        assert len(group) == times
        sockets[0].say(1)
        monkeypatch.setattr(f"{module}.json.dumps", lambda event: encoded.append(event) or encode(event))
        for socket in sockets:
            await socket.reader.waits_for(1, live.PATIENCE)
        assert len(encoded) == times
        monkeypatch.undo()
        await end(*sockets, consumer=on_layer)


async def end(*sockets: Socket, consumer: Any) -> None:
    for socket in sockets:
        await socket.kill()
    for each in consumer.feeds.values():
        each.listening.cancel()
        await asyncio.gather(each.listening, return_exceptions=True)


async def test_fifty_messages_said_at_once_are_one_transaction() -> None:
    rows = await live.writer_rows()
    assert {name: count for name, (count, _) in rows.items()} == {"One by one": 50, "Together": 1}
    assert rows["Together"][1] < rows["One by one"][1]


async def test_a_counter_stays_wrong_and_a_lease_runs_out() -> None:
    assert await live.lease_rows() == {"Counter": "Bo", "Lease": ""}


async def test_they_leave_nothing_behind() -> None:
    before = len(asyncio.all_tasks())
    await live.log_rows()
    await live.feed_rows()
    await live.lease_rows()
    await asyncio.sleep(0)
    assert len(asyncio.all_tasks()) == before
    assert not [alias for alias in channel_layers.backends if alias.startswith("bridge-")]


async def test_what_comes_while_one_is_stored_is_stored_by_the_next() -> None:
    batches, going_on = [], asyncio.Event()

    async def commit(messages: list[str]) -> list[int]:
        batches.append(messages)
        await going_on.wait()
        return list(range(len(messages)))

    writer = Writer(commit)
    first = writer.submit("one")
    await asyncio.sleep(0)
    rest = [writer.submit(text) for text in ("two", "three")]
    going_on.set()
    await asyncio.gather(first, *rest)
    assert batches == [["one"], ["two", "three"]]


async def test_a_transaction_that_fails_is_told_to_its_messages_alone() -> None:
    async def commit(messages: list[str]) -> list[int]:
        if "bad" in messages:
            raise ValueError("bad")
        return [1 for _ in messages]

    writer = Writer(commit)
    with pytest.raises(ValueError, match="bad"):
        await writer.submit("bad")
    assert await writer.submit("good") == 1


async def test_if_commit_fails_for_one_of_a_batch_all_of_it_fail() -> None:
    """What the page leaves to think about; the product then tries each by itself."""

    async def commit(messages: list[str]) -> list[int]:
        await asyncio.sleep(0)
        if "bad" in messages:
            raise ValueError("bad")
        return [1 for _ in messages]

    writer = Writer(commit)
    answers = [writer.submit(text) for text in ("good", "bad", "good")]
    assert [str(each) for each in await asyncio.gather(*answers, return_exceptions=True)] == ["bad"] * 3


async def test_an_asker_who_has_gone_does_no_harm_to_the_others() -> None:
    stored, going_on = [], asyncio.Event()

    async def commit(messages: list[str]) -> list[int]:
        await going_on.wait()
        stored.extend(messages)
        return list(range(1, len(messages) + 1))

    writer = Writer(commit)
    gone, stays = writer.submit("one"), writer.submit("two")
    await asyncio.sleep(0)
    assert not stays.done()  # “stored” is said after the commit
    gone.cancel()
    going_on.set()
    assert await asyncio.wait_for(stays, 5) == 2
    assert stored == ["one", "two"]


async def test_an_exception_in_a_consumer_ends_the_renewal_of_its_lease() -> None:
    leases = lease.Leases(seconds=0.3)

    class Fails(lease.LeaseConsumer):  # type: ignore[misc]
        async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
            raise RuntimeError("what nobody has thought of")

    Fails.leases = leases
    async with live.on_a_layer(Fails) as (consumer, _):
        bo = Socket(consumer, Reader(), "Bo")
        await bo.connect()
        await asyncio.sleep(0.5)
        assert leases.here() == {"Bo"}  # renewed meanwhile
        bo.say(1)
        await asyncio.sleep(0.5)
        assert not bo.is_open
        assert leases.here() == set()


def test_a_lease_that_is_renewed_stays() -> None:
    now = [0.0]
    leases = lease.Leases(seconds=15, clock=lambda: now[0])
    leases.renew("Ada")
    now[0] = 14
    leases.renew("Ada")
    now[0] = 28
    assert leases.here() == {"Ada"}
    now[0] = 29
    assert leases.here() == set()


@each_bridge
def test_notes_and_the_products_line_are_where_the_page_points(bridge: Bridge) -> None:
    shown = listing.whole(bridge.file, bridge.notes)
    assert len(shown.notes) == len(bridge.notes)
    file, line, before, after = bridge.product
    assert any(each.kinds == "lit" for each in listing.excerpt(file, line, before, after).lines)
    assert len((ROOT / bridge.file).read_text().splitlines()) <= 60


@each_bridge
async def test_a_page_is_live_with_debug_and_recorded_without(bridge: Bridge, settings: Any) -> None:
    for debug, said in ((True, "Just run for this page"), (False, "A recorded run")):
        settings.DEBUG = debug
        page = await AsyncClient().get(f"/learn/bridges/{bridge.slug}/")
        assert said in page.content.decode()
    assert (await AsyncClient().get("/learn/bridges/none/")).status_code == 404


async def test_every_step_of_the_path_is_a_page() -> None:
    for stop in PATH:
        assert (await AsyncClient().get(stop.url)).status_code == 200, stop.slug
    page = (await AsyncClient().get("/learn/")).content.decode()
    assert [page.index(f'href="{stop.url}"') for stop in PATH] == sorted(
        page.index(f'href="{stop.url}"') for stop in PATH
    )
