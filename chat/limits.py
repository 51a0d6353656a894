"""How fast one may speak: a token bucket for each identity, in the memory of the process."""

import time
from dataclasses import dataclass

from django.conf import settings

from chat.protocol import Refused

BUCKETS_MAX = 10_000  # beyond it those that are full again are forgotten


@dataclass(slots=True)
class Bucket:
    tokens: float
    at: float  # seconds of the monotonic clock


_buckets: dict[str, Bucket] = {}


def take(identity: str, *, now: float | None = None) -> None:
    """Count one message.

    Raises:
        Refused: `rate_limited`, with the seconds after which the next one will be taken.
    """
    if settings.CHAT_RATE_LIMIT is None:
        return
    size, seconds = settings.CHAT_RATE_LIMIT
    now = time.monotonic() if now is None else now
    if len(_buckets) > BUCKETS_MAX:
        _forget_full(now, seconds)
    bucket = _buckets.setdefault(identity, Bucket(size, now))
    bucket.tokens = min(size, bucket.tokens + (now - bucket.at) * size / seconds)
    bucket.at = now
    if bucket.tokens < 1:
        wait = round((1 - bucket.tokens) * seconds / size + 0.05, 1)
        raise Refused("rate_limited", f"Not so fast: try again in {wait:g} s.", retry_after=wait)
    bucket.tokens -= 1


def _forget_full(now: float, seconds: float) -> None:
    for identity in [identity for identity, bucket in _buckets.items() if now - bucket.at > seconds]:
        del _buckets[identity]
