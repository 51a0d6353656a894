"""How fast a person may go: token buckets in the memory of the process, one for each person and kind of frame."""

import time
from dataclasses import dataclass

from django.conf import settings

from chat.protocol import Refused

BUCKETS_MAX = 10_000  # beyond it those that are full again are forgotten

MESSAGES, HINTS = "messages", "hints"
HINTS_RATE = (20, 10.0)  # a page sends one every 3 s for each room


@dataclass(slots=True)
class Bucket:
    tokens: float
    at: float  # seconds of the monotonic clock


_buckets: dict[tuple[str, str], Bucket] = {}


def take(kind: str, person: str, *, now: float | None = None) -> None:
    """Count one frame of a kind.

    Raises:
        Refused: `rate_limited`, with the seconds after which the next one will be taken.
    """
    if settings.CHAT_RATE_LIMIT is None:
        return
    size, seconds = settings.CHAT_RATE_LIMIT if kind == MESSAGES else HINTS_RATE
    now = time.monotonic() if now is None else now
    if len(_buckets) > BUCKETS_MAX:
        _forget_full(now, seconds)
    bucket = _buckets.setdefault((kind, person), Bucket(size, now))
    bucket.tokens = min(size, bucket.tokens + (now - bucket.at) * size / seconds)
    bucket.at = now
    if bucket.tokens < 1:
        wait = round((1 - bucket.tokens) * seconds / size + 0.05, 1)
        raise Refused("rate_limited", f"Not so fast: try again in {wait:g} s.", retry_after=wait)
    bucket.tokens -= 1


def _forget_full(now: float, seconds: float) -> None:
    for key in [key for key, bucket in _buckets.items() if now - bucket.at > seconds]:
        del _buckets[key]
