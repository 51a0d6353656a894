"""What the classroom says of three layers, measured: who keeps what for a reader that does not read."""

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from channels.exceptions import ChannelFull
from channels.layers import InMemoryChannelLayer
from channels_redis.core import RedisChannelLayer
from channels_redis.pubsub import RedisPubSubChannelLayer, RedisPubSubLoopLayer
from cryptography.fernet import InvalidToken

from e2e.services import Valkey
from learn import layers
from learn.differs import DIFFERS
from learn.lab.faults import FAULTS

Make = Callable[..., Any]
KINDS = ("memory", "core", "pubsub")


@pytest.fixture
async def make(redis: Valkey) -> AsyncIterator[Make]:
    made: list[Any] = []

    def make(kind: str, **options: Any) -> Any:
        if kind == "memory":
            layer: Any = InMemoryChannelLayer(**options)
        elif kind == "core":
            layer = RedisChannelLayer(hosts=[redis.url], **options)
        else:
            layer = RedisPubSubChannelLayer(hosts=[redis.url], **options)
        made.append(layer)
        return layer

    yield make
    for layer in made:
        await layer.flush()


async def heard(layer: Any, channel: str, *, within: float = 0.5) -> list[Any]:
    """All that comes until nothing more does."""
    got = []
    with suppress(TimeoutError):
        while True:
            async with asyncio.timeout(within):
                got.append(await layer.receive(channel))
    return got


@pytest.mark.parametrize("kind", KINDS)
async def test_of_150_events_a_slow_reader_gets(make: Make, kind: str) -> None:
    layer = make(kind)
    channel = await layer.new_channel()
    await layer.group_add("slow", channel)
    await asyncio.sleep(0)
    for number in range(150):
        await layer.group_send("slow", {"type": "a.message", "number": number})
    got = [event["number"] for event in await heard(layer, channel)]
    assert got == list(range(layers.SLOW_READER[kind]))  # the last ones are those that are gone


@pytest.mark.parametrize("kind", KINDS)
async def test_for_a_reader_that_comes_later_a_channel_keeps(make: Make, kind: str) -> None:
    layer = make(kind)
    await layer.send("nobody-yet", {"type": "a.job"})
    kept = len(await heard(layer if kind == "memory" else make(kind), "nobody-yet"))
    assert bool(kept) is layers.KEPT_FOR_LATER[kind]


@pytest.mark.parametrize("kind", KINDS)
async def test_a_channel_that_is_full_says_so_to_send_alone(make: Make, kind: str) -> None:
    layer = make(kind)
    channel = await layer.new_channel()
    full = False
    try:
        for _ in range(101):
            await layer.send(channel, {"type": "a.message"})
    except ChannelFull:
        full = True
    assert full is layers.SAYS_FULL[kind]


@pytest.mark.parametrize("kind", KINDS)
async def test_a_datetime_in_an_event(make: Make, kind: str) -> None:
    layer = make(kind)
    channel = await layer.new_channel()
    try:
        await layer.send(channel, {"type": "a.message", "at": datetime(2030, 1, 1, tzinfo=UTC)})
        passes = bool(await heard(layer, channel))
    except TypeError:
        passes = False
    assert passes is layers.TAKES_A_DATETIME[kind]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", ["花", "with space", "x" * 100])
async def test_a_groups_name_that_is_not_ascii_or_too_long(make: Make, kind: str, name: str) -> None:
    layer = make(kind)
    channel = await layer.new_channel()
    refused = False
    try:
        await layer.group_add(name, channel)
    except TypeError:
        refused = True
    assert refused is layers.CHECKS_NAMES[kind]
    await layer.group_add("x" * 99, channel)


@pytest.mark.parametrize("kind", KINDS)
async def test_all_three_have_the_same_methods(make: Make, kind: str) -> None:
    layer = make(kind)
    names = ("new_channel", "send", "receive", "group_add", "group_send", "group_discard", "flush")
    assert all(callable(getattr(layer, name)) for name in names)
    channel = await layer.new_channel()
    await layer.group_add("left", channel)
    await layer.group_discard("left", channel)
    await layer.group_send("left", {"type": "a.message"})
    assert await heard(layer, channel) == []


@pytest.mark.parametrize("kind", KINDS)
async def test_an_event_that_nothing_disturbs_comes_once_and_in_order(make: Make, kind: str) -> None:
    """One publisher: a layer delivers at most once. Of two publishers see below."""
    layer = make(kind)
    channel = await layer.new_channel()
    await layer.group_add("ordered", channel)
    for number in range(50):
        await layer.group_send("ordered", {"type": "a.message", "number": number})
    assert [event["number"] for event in await heard(layer, channel)] == list(range(50))


async def test_in_the_core_layer_the_clocks_of_two_publishers_decide_the_order(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader, ahead, behind = (make("core") for _ in range(3))
    channel = await reader.new_channel()
    await reader.group_add("clocks", channel)

    class SecondAhead:
        """The clock of the one server."""

        time = staticmethod(lambda: time.time() + 1)

    with monkeypatch.context() as patched:
        patched.setattr("channels_redis.core.time", SecondAhead)
        await ahead.group_send("clocks", {"type": "a.message", "word": "nine"})
    await behind.group_send("clocks", {"type": "a.message", "word": "but"})
    assert [event["word"] for event in await heard(reader, channel)] == ["but", "nine"]
    assert "when the clocks of two servers differ" in FAULTS["swap"].tutorial


@pytest.mark.parametrize("kind", ["memory", "core"])
async def test_what_waits_longer_than_expiry_is_gone(make: Make, kind: str) -> None:
    layer = make(kind, expiry=1)
    channel = await layer.new_channel()
    await layer.send(channel, {"type": "a.message"})
    await asyncio.sleep(1.5)  # expiry is counted in seconds of the clock
    assert await heard(layer, channel) == []
    assert (make(kind).capacity, make(kind).expiry) == (layers.CAPACITY, layers.EXPIRY)


async def test_pub_sub_has_neither_capacity_nor_expiry(make: Make) -> None:
    layer = make("pubsub", capacity=1, expiry=1)  # taken, and without effect
    channel = await layer.new_channel()
    for _ in range(3):
        await layer.send(channel, {"type": "a.message"})
    await asyncio.sleep(1.5)  # expiry would be counted in seconds of the clock
    assert len(await heard(layer, channel)) == 3


READER = """
import asyncio, sys
from channels_redis.core import RedisChannelLayer
from channels_redis.pubsub import RedisPubSubChannelLayer

async def reader():
    layer = {"core": RedisChannelLayer, "pubsub": RedisPubSubChannelLayer}[sys.argv[1]](hosts=[sys.argv[2]])
    channel = await layer.new_channel()
    await layer.group_add("slow", channel)
    print(channel, flush=True)
    await asyncio.sleep(60)

asyncio.run(reader())
"""


@pytest.mark.parametrize(("kind", "waits_in_redis"), [("core", True), ("pubsub", False)])
async def test_what_a_slow_reader_has_not_read_waits(
    make: Make, redis: Valkey, kind: str, *, waits_in_redis: bool
) -> None:
    """In Redis, or in the memory of the reader's process, which is killed here."""
    command = [sys.executable, "-c", READER, kind, redis.url]
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    assert process.stdout
    channel = (await process.stdout.readline()).decode().strip()
    for _ in range(3):
        await make(kind).group_send("slow", {"type": "a.message"})
    process.kill()
    await process.wait()
    key = f"asgi{channel.partition('!')[0]}!" if kind == "core" else channel
    assert redis.command("ZCARD", key) == (b":3" if waits_in_redis else b":0") + b"\r\n"


@pytest.mark.parametrize("kind", ["core", "pubsub"])
async def test_after_flushall_a_group(make: Make, redis: Valkey, kind: str) -> None:
    from redis.asyncio import Redis

    layer = make(kind)
    channel = await layer.new_channel()
    await layer.group_add("flushed", channel)
    client = Redis.from_url(redis.url)
    await client.flushall()
    await client.aclose()
    await layer.group_send("flushed", {"type": "a.message"})
    assert bool(await heard(layer, channel)) is layers.SURVIVES_FLUSHALL[kind]


@pytest.mark.parametrize(("kind", "got"), [("core", [0, 1]), ("pubsub", [1, 1])])
async def test_of_two_workers_that_wait_for_a_job(make: Make, kind: str, got: list[int]) -> None:
    """With core one of them gets it, with pub/sub each: the demo of workers says so."""
    workers, sender = [make(kind), make(kind)], make(kind)
    waiting = [asyncio.create_task(heard(worker, "jobs", within=1)) for worker in workers]
    await asyncio.sleep(0.3)  # until both listen
    await sender.send("jobs", {"type": "a.job"})
    assert sorted(len(each) for each in await asyncio.gather(*waiting)) == got
    said = " ".join(DIFFERS["worker"])
    assert "With the pub/sub layer each worker that runs gets each job" in said
    assert "With the core layer one worker gets it" in said


@pytest.mark.parametrize("layer", [RedisChannelLayer, RedisPubSubLoopLayer])
def test_of_several_hosts_the_name_chooses_one(layer: Any) -> None:
    hosts = [f"redis://localhost:{port}/0" for port in (1, 2, 3)]
    first, second = layer(hosts=hosts), layer(hosts=hosts)
    choose = "consistent_hash" if layer is RedisChannelLayer else "_get_shard"

    def chosen(by: Any, name: str) -> int:
        shard = getattr(by, choose)(name)
        return shard if isinstance(shard, int) else by._shards.index(shard)

    names = [f"room.{number}" for number in range(50)]
    assert [chosen(first, name) for name in names] == [chosen(second, name) for name in names]
    assert {chosen(first, name) for name in names} == {0, 1, 2}


@pytest.mark.parametrize("kind", [RedisChannelLayer, RedisPubSubChannelLayer])
def test_the_first_key_encrypts_and_all_decrypt(kind: Any) -> None:
    def layer(*keys: str) -> Any:
        return kind(symmetric_encryption_keys=keys)

    event = {"type": "a.message", "text": "hello"}
    written = layer("old").serialize(event)
    assert b"hello" not in written
    assert layer("new", "old").deserialize(written) == event
    with pytest.raises(InvalidToken):
        layer("new").deserialize(written)
    with pytest.raises(InvalidToken):
        layer("old").deserialize(layer("new", "old").serialize(event))


def test_the_demos_say_the_same() -> None:
    from learn.catalog import DEMOS, ROOT

    assert f"up to {layers.CAPACITY} events" in (ROOT / DEMOS["layers"].file).read_text()
    assert "the core layer keeps a job for a minute, pub/sub does not" in (ROOT / DEMOS["worker"].file).read_text()
    assert layers.EXPIRY == 60


@pytest.mark.parametrize("kind", KINDS)
async def test_group_send_says_nothing_of_who_heard_it(make: Make, kind: str) -> None:
    layer = make(kind)
    channel = await layer.new_channel()
    await layer.group_add("some", channel)
    for group in ("some", "nobody"):
        assert await layer.group_send(group, {"type": "a.message"}) is None
    assert len(await heard(layer, channel)) == 1


@pytest.mark.parametrize("kind", KINDS)
async def test_what_was_sent_before_a_channel_joined_does_not_come(make: Make, kind: str) -> None:
    layer = make(kind)
    channel = await layer.new_channel()
    await layer.group_send("late", {"type": "a.message", "number": 1})
    await layer.group_add("late", channel)
    await layer.group_send("late", {"type": "a.message", "number": 2})
    assert [event["number"] for event in await heard(layer, channel)] == [2]


@pytest.mark.parametrize("kind", ["memory", "core"])
async def test_a_group_keeps_a_channel_until_group_expiry(make: Make, kind: str) -> None:
    assert make(kind).group_expiry == 24 * 60 * 60
    layer = make(kind, group_expiry=-2)  # two seconds ago, since it is counted in whole seconds
    channel = await layer.new_channel()
    await layer.group_add("old", channel)
    await layer.group_send("old", {"type": "a.message"})
    assert await heard(layer, channel) == []


@pytest.mark.parametrize("kind", ["core", "pubsub"])
async def test_with_redis_an_event_goes_there_and_back_also_within_a_process(
    make: Make, redis: Valkey, kind: str
) -> None:
    from redis.asyncio import Redis

    layer, client = make(kind), Redis.from_url(redis.url)
    channel = await layer.new_channel()
    await layer.group_add("near", channel)
    before = await client.info("stats")
    await layer.group_send("near", {"type": "a.message", "text": "x" * 100_000})
    assert len(await heard(layer, channel)) == 1
    after = await client.info("stats")
    await client.aclose()
    for way in ("total_net_input_bytes", "total_net_output_bytes"):
        assert after[way] - before[way] > 100_000


@pytest.mark.parametrize("kind", ["core", "pubsub"])
async def test_a_job_that_a_worker_took_comes_to_no_other(make: Make, kind: str) -> None:
    first, sender = make(kind), make(kind)
    taking = asyncio.create_task(heard(first, "jobs"))
    await asyncio.sleep(0.3)  # until it listens
    await sender.send("jobs", {"type": "a.job"})
    assert len(await taking) == 1
    assert await heard(make(kind), "jobs") == []
