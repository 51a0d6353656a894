"""Failed sign-ins of the last minutes: counted for all processes in Redis, and in the memory of this one."""

import logging
import time
from collections import deque
from collections.abc import Collection
from functools import lru_cache
from typing import cast
from uuid import uuid4
from zlib import crc32

from django.conf import settings
from redis import Redis, RedisError

logger = logging.getLogger(__name__)

WINDOW = 180.0  # seconds
KEYS_MAX = 10_000  # beyond it those without a failure in the window are forgotten
TIMEOUT = 0.5  # seconds; a Redis that is slower than this is as good as gone

_failures: dict[str, deque[float]] = {}  # seconds of the wall clock, as the processes share them


def count(key: str) -> None:
    """One more failure for this key."""
    now = time.time()
    if len(_failures) > KEYS_MAX:
        _forget(now)
    _failures.setdefault(key, deque(maxlen=1000)).append(now)
    try:
        with _redis(key).pipeline() as together:
            together.zadd(_name(key), {uuid4().hex: now})
            together.expire(_name(key), int(WINDOW))
            together.execute()
    except (RedisError, LookupError) as error:
        _away(error)


def seconds_left(key: str, most: int) -> float:
    """Until this key may fail again: 0.0, or up to `WINDOW` where it failed `most` times."""
    now = time.time()
    try:
        newest = cast("list[tuple[bytes, float]]", _redis(key).zrange(_name(key), -most, -1, withscores=True))
        shared = [at for _, at in newest]
    except (RedisError, LookupError) as error:
        _away(error)
        shared = []
    return max(_left(shared, most, now), _left(_failures.get(key, ()), most, now))


def forget_all() -> None:
    """In the memory of this process. For tests."""
    _failures.clear()


def _left(failures: Collection[float], most: int, now: float) -> float:
    recent = sorted(at for at in failures if at > now - WINDOW)
    return recent[-most] + WINDOW - now if len(recent) >= most else 0.0


def _forget(now: float) -> None:
    for key in [key for key, failures in _failures.items() if failures[-1] <= now - WINDOW]:
        del _failures[key]


def _redis(key: str) -> Redis:
    """The shard that keeps this key. Raises LookupError where no Redis is set."""
    urls = settings.REDIS_URLS
    if not urls:
        raise LookupError
    return _client(urls[crc32(key.encode()) % len(urls)])


@lru_cache(maxsize=16)
def _client(url: str) -> Redis:
    return Redis.from_url(url, socket_timeout=TIMEOUT, socket_connect_timeout=TIMEOUT)


def _name(key: str) -> str:
    return f"chat:failed-sign-ins:{key}"


def _away(error: Exception) -> None:
    if isinstance(error, RedisError):
        logger.warning("sign-ins: %r; counted in the memory of this process", error)
