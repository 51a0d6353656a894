"""Redis, each shard by itself, and the channel layer over all of them."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import closing
from typing import Any
from urllib.parse import urlsplit

from channels.layers import get_channel_layer
from django.conf import settings
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import AuthenticationError, RedisError, ResponseError
from redis.retry import Retry

from ops.doctor.asked import Asked
from ops.doctor.finding import Finding, fail, in_a_line, ok, warn

VERSION_MIN = 6
IDLE_MIN = 60  # seconds
BUFFER_MIN = 8 * 1024 * 1024  # bytes; a process that pauses is sent what was said meanwhile at once
SAY_AGAIN = 0.05  # seconds: a subscription may be confirmed later than it is said


def layer(asked: Asked) -> Iterator[Finding]:
    if not settings.REDIS_URLS:
        yield ok("channel layer: in memory, for one process")
        return
    found = [finding for url in settings.REDIS_URLS for finding in _shard(url, asked.timeout / 2)]
    yield from found
    if not any(finding.is_fault for finding in found):
        yield _through_the_layer(asked.timeout / 2)


def _shard(url: str, timeout: float) -> Iterator[Finding]:
    parts = urlsplit(url)
    name = f"redis: {parts.hostname}:{parts.port or 6379}" if parts.hostname else f"redis: {parts.path}"
    options: dict[str, Any] = {"socket_timeout": timeout, "socket_connect_timeout": timeout}
    with closing(Redis.from_url(url, retry=Retry(NoBackoff(), 0), **options)) as client:
        try:
            client.ping()
            yield from _settings(name, client)
        except (AuthenticationError, ResponseError) as error:
            yield fail(
                f"{name} refuses us: {in_a_line(error)}", "Put its password into REDIS_URL: redis://:password@host"
            )
        except (RedisError, OSError) as error:
            yield fail(
                f"{name} does not answer: {in_a_line(error)}", "Start it, and compare its address with REDIS_URL."
            )


def _settings(name: str, client: Any) -> Iterator[Finding]:
    try:
        info = client.info()
    except ResponseError:
        yield ok(f"{name} answers, and does not tell its version")
        return
    version = str(info.get("redis_version", "0"))
    what = f"{name} answers, version {version}"
    is_old = int(version.split(".")[0]) < VERSION_MIN
    yield warn(what, f"Use {VERSION_MIN} or newer.") if is_old else ok(what)
    used, limit = int(info.get("used_memory", 0)), int(info.get("maxmemory", 0))
    if limit and used > 0.9 * limit:
        yield warn(
            f"{name} has used {used / limit:.0%} of its maxmemory", "Raise maxmemory; wake-ups take next to none."
        )
    try:
        yield from _limits(name, client.config_get("timeout", "tcp-keepalive", "client-output-buffer-limit"))
    except ResponseError:
        yield ok(f"{name} does not tell its time-outs and limits, as those run by others do not")


def _limits(name: str, config: dict[str, str]) -> Iterator[Finding]:
    idle = int(config.get("timeout", 0))
    if 0 < idle < IDLE_MIN:
        yield warn(f"{name} closes connections that are idle for {idle} s (timeout)", "CONFIG SET timeout 0")
    if config.get("tcp-keepalive") == "0":
        yield warn(
            f"{name} keeps connections whose other end is gone (tcp-keepalive 0)", "CONFIG SET tcp-keepalive 300"
        )
    words = config.get("client-output-buffer-limit", "").split()
    hard = int(words[words.index("pubsub") + 1]) if "pubsub" in words else 0
    if 0 < hard < BUFFER_MIN:
        fix = "CONFIG SET client-output-buffer-limit 'pubsub 32mb 8mb 60'"
        yield warn(f"{name} cuts off subscribers that are {hard:,} bytes behind (client-output-buffer-limit)", fix)


def _through_the_layer(timeout: float) -> Finding:
    try:
        return ok(f"channel layer: a wake-up arrives in {asyncio.run(asyncio.wait_for(_round_trip(), timeout)):.1f} ms")
    except Exception as error:
        return fail(f"channel layer: no wake-up arrives: {in_a_line(error)}", "Allow us SUBSCRIBE and PUBLISH (ACL).")


async def _round_trip() -> float:
    """Milliseconds from sending to a group until its member has it."""
    there = get_channel_layer()
    channel = await there.new_channel("doctor.")
    await there.group_add("doctor", channel)
    receiving = asyncio.ensure_future(there.receive(channel))
    while not receiving.done():
        begun = time.perf_counter()
        await there.group_send("doctor", {"type": "doctor"})
        await asyncio.wait({receiving}, timeout=SAY_AGAIN)
    ms = (time.perf_counter() - begun) * 1000
    await there.group_discard("doctor", channel)
    return ms
