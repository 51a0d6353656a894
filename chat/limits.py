"""How fast a person may go, and how often a person or an address may be connected, in the memory of the process.

Token buckets for each person and kind of frame, and one for all who come from the same address.
"""

import time
from collections import Counter
from dataclasses import dataclass

from django.conf import settings

from chat.identity import Identity
from chat.protocol import Refused

BUCKETS_MAX = 10_000  # beyond it those that are full again are forgotten

MESSAGES, HINTS, PINGS = "messages", "hints", "pings"
HINTS_RATE = (20, 10.0)  # of the other two: a page sends a hint every 3 s for each room, a ping every 20 s


@dataclass(slots=True)
class Bucket:
    tokens: float
    at: float  # seconds of the monotonic clock
    seconds: float  # after which it is full again


_buckets: dict[tuple[str, str], Bucket] = {}


def take(kind: str, you: Identity, *, now: float | None = None) -> None:
    """Count one frame of a kind.

    Raises:
        Refused: `rate_limited`, with the seconds after which the next one will be taken.
    """
    now = time.monotonic() if now is None else now
    if rate := settings.CHAT_RATE_LIMIT:
        _take((kind, you.id), rate if kind == MESSAGES else HINTS_RATE, now)
    if you.address and kind == MESSAGES and settings.CHAT_ADDRESS_LIMIT:
        _take(("address", you.address), settings.CHAT_ADDRESS_LIMIT, now)


def take_guest(address: str) -> None:
    """Count a guest who brought no cookie, and so is a new one. Raises Refused."""
    if address and settings.CHAT_ADDRESS_LIMIT:
        _take(("address", address), settings.CHAT_ADDRESS_LIMIT, time.monotonic())


def _take(key: tuple[str, str], rate: tuple[int, float], now: float) -> None:
    size, seconds = rate
    if len(_buckets) > BUCKETS_MAX:
        _forget_full(now)
    bucket = _buckets.setdefault(key, Bucket(size, now, seconds))
    bucket.tokens = min(size, bucket.tokens + (now - bucket.at) * size / seconds)
    bucket.at = now
    if bucket.tokens < 1:
        wait = round((1 - bucket.tokens) * seconds / size + 0.05, 1)
        raise Refused("rate_limited", f"Not so fast: try again in {wait:g} s.", retry_after=wait)
    bucket.tokens -= 1


def _forget_full(now: float) -> None:
    for key in [key for key, bucket in _buckets.items() if now - bucket.at > bucket.seconds]:
        del _buckets[key]


class Connections:
    """How many connections of all kinds an address and a person have."""

    def __init__(self) -> None:
        self._open: Counter[tuple[str, str]] = Counter()

    def enter(self, you: Identity) -> None:
        """Raises Refused: there are too many already. Each `enter` needs a `leave`."""
        for key, most in self._limits(you):
            if most is not None and self._open[key] >= most:
                detail = "There are too many connections from here already."
                raise Refused("rate_limited", detail, retry_after=30, reason="too_many_connections")
        self._open.update(key for key, _ in self._limits(you))

    def leave(self, you: Identity) -> None:
        for key, _ in self._limits(you):
            self._open[key] -= 1
            if self._open[key] <= 0:
                del self._open[key]

    def _limits(self, you: Identity) -> list[tuple[tuple[str, str], int | None]]:
        person = (("person", you.id), settings.CHAT_IDENTITY_SOCKETS)
        return [person, (("address", you.address), settings.CHAT_ADDRESS_SOCKETS)] if you.address else [person]
