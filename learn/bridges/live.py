"""What each bridge's predecessor loses, run in a sandbox: rows of the grid on its page."""

import asyncio
import itertools
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from time import perf_counter
from typing import Any
from uuid import uuid4

from channels.layers import channel_layers

from learn.bridges import counter, feed, lease, log
from learn.bridges.writer import Writer
from learn.demos.group_async import ChatConsumer
from learn.lab.layer import Port, Shared
from learn.lab.reader import Reader
from learn.lab.socket import Socket

COUNT = 10
LOST = range(4, 7)  # said while Bo is away
DROPPED = 7
SETTLE, PATIENCE = 0.15, 5.0  # seconds
MESSAGES, COMMIT_SECONDS = (
    50,
    0.004,
)  # for the writer: a transaction on SQLite takes about so long

Rows = dict[str, list[str]]


@asynccontextmanager
async def on_a_layer(consumer: Any) -> AsyncIterator[tuple[Any, Port]]:
    """The consumer, at a layer of its own that can be tampered with."""
    port, alias = Port(Shared(capacity=100)), f"bridge-{uuid4().hex}"
    channel_layers.set(alias, port)
    try:
        yield (
            type(
                consumer.__name__,
                (consumer,),
                {"channel_layer_alias": alias, "feeds": {}},
            ),
            port,
        )
    finally:
        channel_layers.backends.pop(alias, None)


async def told(consumer: Any, *, away: Sequence[int] = (), dropped: int = 0) -> list[str]:
    """What Bo hears of ten messages; while he is away, or where the layer drops an event."""
    log.LOG.pop("lab", None)
    async with on_a_layer(consumer) as (on_layer, port):
        bo, cy = Socket(on_layer, Reader()), Socket(on_layer, Reader())
        reader = bo.reader
        await bo.connect()
        await cy.connect()
        try:
            for number in range(1, COUNT + 1):
                reader.now = number
                if away and number == away[0]:
                    await bo.cut()
                elif away and number == away[-1] + 1:
                    bo = Socket(on_layer, reader, f"after={max(reader.numbers())}")
                    await bo.connect()
                if number == dropped:
                    port.fault = "drop"
                cy.say(number)
                is_silent = number in away or number == dropped
                await reader.waits_for(number, SETTLE if is_silent else PATIENCE)
        finally:
            await bo.kill()
            await cy.kill()
            listening = [room.listening for room in on_layer.feeds.values()]
            for task in listening:
                task.cancel()
            await asyncio.gather(*listening, return_exceptions=True)
            log.LOG.pop("lab", None)
    return reader.outcomes(COUNT)


async def log_rows() -> Rows:
    return {
        "Group": await told(ChatConsumer, away=LOST),
        "Log": await told(log.LogConsumer, away=LOST),
    }


async def feed_rows() -> Rows:
    return {
        "Log": await told(log.LogConsumer, dropped=DROPPED),
        "Feed": await told(feed.FeedConsumer, dropped=DROPPED),
    }


async def writer_rows() -> dict[str, tuple[int, int]]:
    """Transactions, and milliseconds until the last of fifty messages, said at once, is stored."""
    return {
        "One by one": await _stored(together=False),
        "Together": await _stored(together=True),
    }


async def _stored(*, together: bool) -> tuple[int, int]:
    numbers, commits, turn = itertools.count(1), 0, asyncio.Lock()

    async def commit(messages: Sequence[int]) -> list[int]:
        nonlocal commits
        async with turn:  # a room's transactions wait for each other
            commits += 1
            await asyncio.sleep(COMMIT_SECONDS)
        return [next(numbers) for _ in messages]

    writer, begun = Writer(commit), perf_counter()
    if together:
        await asyncio.gather(*(writer.submit(number) for number in range(MESSAGES)))
    else:
        await asyncio.gather(*(commit([number]) for number in range(MESSAGES)))
    return commits, round((perf_counter() - begun) * 1000)


async def lease_rows() -> dict[str, str]:
    """Who is said to be here, after Ann's page was closed and Bo's server was killed."""
    now = 1000.0
    leases, counted = lease.Leases(clock=lambda: now), Counter[str]()
    await _come_and_go(lease.LeaseConsumer, leases=leases)
    await _come_and_go(counter.CounterConsumer, here=counted)
    now += lease.SECONDS + 1
    return {"Counter": ", ".join(sorted(+counted)), "Lease": ", ".join(sorted(leases.here()))}


async def _come_and_go(consumer: Any, **own: object) -> None:
    """Ann says goodbye, Bo's process is gone."""
    async with on_a_layer(type(consumer.__name__, (consumer,), own)) as (on_layer, _):
        ann, bo = (Socket(on_layer, Reader(), who) for who in ("Ann", "Bo"))
        await ann.connect()
        await bo.connect()
        await ann.cut()
        await bo.kill()
