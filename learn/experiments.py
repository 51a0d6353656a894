"""What three layers do, tried: each experiment gives the words of its cell in the table of learn/layers.py.

Each layer has a prefix of its own and is emptied at the end, so that nothing else in a Redis is touched.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from channels.exceptions import ChannelFull
from channels.layers import InMemoryChannelLayer
from channels_redis.core import RedisChannelLayer
from channels_redis.pubsub import RedisPubSubChannelLayer
from redis.asyncio import Redis
from redis.exceptions import RedisError

from learn.layers import CAPACITY, SENT

KINDS = ("memory", "core", "pubsub")
SILENCE = 0.5  # seconds after which nothing more comes, on a busy machine too
AWAY = "there is no Redis"

EVENT = {"type": "a.message"}
GROUP = "experiment"


class Maker:
    """Makes layers of one kind that belong together, as those of several processes do."""

    def __init__(self, kind: str, redis: str) -> None:
        self.kind, self.redis, self.prefix = kind, redis, f"experiment-{uuid4().hex}"
        self.made: list[Any] = []

    def layer(self) -> Any:
        if self.kind == "memory":
            self.made.append(InMemoryChannelLayer())
        else:
            kind = RedisChannelLayer if self.kind == "core" else RedisPubSubChannelLayer
            self.made.append(kind(hosts=[self.redis], prefix=self.prefix))
        return self.made[-1]

    async def flush_redis(self) -> None:
        """What FLUSHALL would take of these layers."""
        client = Redis.from_url(self.redis)
        keys = [key async for key in client.scan_iter(f"{self.prefix}*")]
        if keys:
            await client.delete(*keys)
        await client.aclose()


@asynccontextmanager
async def maker(kind: str, redis: str) -> AsyncIterator[Maker]:
    made = Maker(kind, redis)
    try:
        yield made
    finally:
        for layer in made.made:
            await layer.flush()


async def heard(layer: Any, channel: str) -> int:
    """How many events come until nothing more does."""
    count = 0
    with suppress(TimeoutError):
        while True:
            async with asyncio.timeout(SILENCE):
                await layer.receive(channel)
            count += 1
    return count


async def reaches(make: Maker) -> str:
    here, there = make.layer(), make.layer()
    channel = await there.new_channel()
    await there.group_add(GROUP, channel)
    await here.group_send(GROUP, EVENT)
    return "yes" if await heard(there, channel) else "no"


async def capacity(make: Maker) -> str:
    layer = make.layer()
    channel = await layer.new_channel()
    with suppress(ChannelFull):
        for _ in range(SENT):
            await layer.send(channel, EVENT)
    kept = await heard(layer, channel)
    return f"{kept} events" if kept < SENT else "no bound"


async def slow_reader(make: Maker) -> str:
    return str(await _in_a_group(make.layer()))


async def _in_a_group(layer: Any) -> int:
    channel = await layer.new_channel()
    await layer.group_add(GROUP, channel)
    for number in range(SENT):
        await layer.group_send(GROUP, {**EVENT, "number": number})
    return await heard(layer, channel)


async def neighbour(make: Maker) -> str:
    layer = make.layer()
    one, another = await layer.new_channel(), await layer.new_channel()
    for _ in range(CAPACITY):
        await layer.send(one, EVENT)
    try:
        await layer.send(another, EVENT)
    except ChannelFull:
        return "ChannelFull"
    return "passes" if await heard(layer, another) else "is lost"


async def which(make: Maker) -> str:
    layer = make.layer()
    slow, quick = await layer.new_channel(), await layer.new_channel()
    for channel in (slow, quick):
        await layer.group_add(GROUP, channel)
    reading = asyncio.create_task(heard(layer, quick))
    for number in range(SENT):
        await layer.group_send(GROUP, {**EVENT, "number": number})
        await asyncio.sleep(0)
    await reading
    first = (await layer.receive(slow))["number"]
    got = 1 + await heard(layer, slow)
    return f"all {SENT}" if got == SENT else f"the {'last' if first else 'first'} {got}"


async def full(make: Maker) -> str:
    layer = make.layer()
    channel = await layer.new_channel()
    try:
        for _ in range(CAPACITY + 1):
            await layer.send(channel, EVENT)
    except ChannelFull:
        return "ChannelFull"
    return "no error"


async def full_group(make: Maker) -> str:
    return "kept in memory" if await _in_a_group(make.layer()) == SENT else "dropped, no error"


async def nobody_yet(make: Maker) -> str:
    layer = make.layer()
    await layer.send("nobody-yet", EVENT)
    later = layer if make.kind == "memory" else make.layer()
    return "kept until expiry" if await heard(later, "nobody-yet") else "gone"


async def with_datetime(make: Maker) -> str:
    layer = make.layer()
    channel = await layer.new_channel()
    try:
        await layer.send(channel, {**EVENT, "at": datetime.now(UTC)})
    except TypeError:
        return "TypeError"
    return "passes" if await heard(layer, channel) else "is lost"


async def names(make: Maker) -> str:
    layer, refused = make.layer(), 0
    for name in ("花", "x" * 100):
        try:
            await layer.group_add(name, await layer.new_channel())
        except TypeError:
            refused += 1
    return {0: "passes", 2: "TypeError"}.get(refused, "one passes")


async def flushed(make: Maker) -> str:
    if make.kind == "memory":
        return "not concerned"
    layer = make.layer()
    channel = await layer.new_channel()
    await layer.group_add(GROUP, channel)
    await make.flush_redis()
    await layer.group_send(GROUP, EVENT)
    return "goes on" if await heard(layer, channel) else "is empty"


EXPERIMENTS: dict[str, Callable[[Maker], Awaitable[str]]] = {
    "reaches": reaches,
    "capacity": capacity,
    "slow-reader": slow_reader,
    "neighbour": neighbour,
    "which": which,
    "full": full,
    "full-group": full_group,
    "nobody-yet": nobody_yet,
    "datetime": with_datetime,
    "names": names,
    "flushall": flushed,
}


async def tried(key: str, redis: str) -> dict[str, str]:
    """What each layer did just now. Raises KeyError: there is no such experiment."""
    experiment = EXPERIMENTS[key]

    async def one(kind: str) -> str:
        if kind != "memory" and not redis:
            return AWAY
        try:
            async with maker(kind, redis) as make:
                return await experiment(make)
        except (RedisError, OSError):
            return AWAY

    return dict(zip(KINDS, await asyncio.gather(*map(one, KINDS)), strict=True))
