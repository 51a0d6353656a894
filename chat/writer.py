"""One writer per process: what waits while a transaction runs is committed together in the next one.

No added wait when it is quiet, and many times the throughput when it is not. Nobody hears "stored" before the commit.
"""

import asyncio
import logging
from collections import Counter, deque
from collections.abc import Awaitable, Callable, Sequence
from time import perf_counter

from django.db import OperationalError

from chat.events import Frame
from chat.observed import metrics
from chat.observed.request_id import for_everyone
from chat.observed.watchers import reached
from chat.posting import Accepted, Change, Verdict
from chat.protocol import unavailable

logger = logging.getLogger(__name__)

BATCH_MAX = 500  # verbs in one transaction
WAITING_MAX = 10_000  # verbs; more are refused rather than kept in memory

Commit = Callable[[Sequence[Change]], Awaitable[tuple[list[Verdict], list[Frame]]]]
Waiting = tuple[Change, asyncio.Future[Verdict], float]  # and when it was submitted


class Writer:
    """`commit` stores the first of the verbs that it is given, as many as it likes; `announce` is handed the frames."""

    def __init__(self, commit: Commit, announce: Callable[[list[Frame]], None]) -> None:
        self._commit, self._announce = commit, announce
        self._waiting: deque[Waiting] = deque()
        self._running: asyncio.Task[None] | None = None

    def submit(self, change: Change) -> asyncio.Future[Verdict]:
        """Store it with whatever else waits; the answer comes after the commit, in the order of the verbs."""
        verdict: asyncio.Future[Verdict] = asyncio.get_running_loop().create_future()
        if len(self._waiting) >= WAITING_MAX:
            verdict.set_result(unavailable())
            return verdict
        self._waiting.append((change, verdict, perf_counter()))
        if self._running is None or self._running.done():
            self._running = for_everyone(self._run())
        return verdict

    async def _run(self) -> None:
        while self._waiting:
            batch = [self._waiting.popleft() for _ in range(min(BATCH_MAX, len(self._waiting)))]
            reached("taken", batch, None)
            verdicts, frames = await self._store([change for change, _, _ in batch])
            self._waiting.extendleft(reversed(batch[len(verdicts) :]))  # took too long to prepare: the next time
            batch = batch[: len(verdicts)]
            reached("committed", batch, verdicts)
            self._announce(frames)
            for (_, future, _), verdict in zip(batch, verdicts, strict=True):
                if not future.done():  # the one who asked may be gone
                    future.set_result(verdict)
            count(batch, verdicts)

    async def _store(self, changes: Sequence[Change]) -> tuple[list[Verdict], list[Frame]]:
        try:
            return await self._commit(changes)
        except OperationalError as error:
            logger.warning("database: %s; %d not stored", error, len(changes))
        except Exception:
            if len(changes) > 1:  # one of them spoils the batch: each for itself then
                parts = [await self._store([change]) for change in changes]
                return [v for verdicts, _ in parts for v in verdicts], [f for _, frames in parts for f in frames]
            logger.exception("not stored")
        return [unavailable() for _ in changes], []


def count(batch: list[Waiting], verdicts: list[Verdict]) -> None:
    """Once a batch, after everybody has been answered."""
    answered = perf_counter()
    stored: Counter[str] = Counter()
    for (change, _, submitted), verdict in zip(batch, verdicts, strict=True):
        metrics.ACK_SECONDS.observe(answered - submitted)
        if isinstance(verdict, Accepted):
            stored["repeat" if verdict.repeat else type(change).__name__.lower()] += 1
    metrics.REPEATED.inc(stored.pop("repeat", 0))
    for change_name, number in stored.items():
        metrics.STORED.labels(change_name).inc(number)
