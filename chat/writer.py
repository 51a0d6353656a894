"""One writer per process: what waits while a transaction runs is committed together in the next one.

No added wait when it is quiet, and many times the throughput when it is not. Nobody is told "stored" before the commit.
"""

import asyncio
import logging
from collections import Counter, deque
from time import perf_counter
from weakref import WeakKeyDictionary

from django.db import Error as DatabaseError, OperationalError

from chat import metrics
from chat.database import writing
from chat.events import Frame
from chat.hub import hub
from chat.posting import Accepted, Command, Verdict, commit
from chat.protocol import Refused
from chat.request_id import for_everyone

logger = logging.getLogger(__name__)

BATCH_MAX = 500  # commands in one transaction
WAITING_MAX = 10_000  # commands; more are refused rather than kept in memory

_commit = writing(commit)


def unavailable() -> Refused:
    return Refused("unavailable", "The database does not answer just now. Try again in a moment.", retry_after=2)


Waiting = tuple[Command, asyncio.Future[Verdict], float]  # and when it was submitted


class Writer:
    def __init__(self) -> None:
        self._waiting: deque[Waiting] = deque()
        self._running: asyncio.Task[None] | None = None

    def submit(self, command: Command) -> asyncio.Future[Verdict]:
        """Store it with whatever else waits; the answer comes after the commit, in the order of the commands."""
        verdict: asyncio.Future[Verdict] = asyncio.get_running_loop().create_future()
        if len(self._waiting) >= WAITING_MAX:
            verdict.set_result(unavailable())
            return verdict
        self._waiting.append((command, verdict, perf_counter()))
        if self._running is None or self._running.done():
            self._running = for_everyone(self._run())
        return verdict

    async def _run(self) -> None:
        while self._waiting:
            batch = [self._waiting.popleft() for _ in range(min(BATCH_MAX, len(self._waiting)))]
            verdicts, frames = await self._store([command for command, _, _ in batch])
            hub().announce(frames)
            for (_, future, _), verdict in zip(batch, verdicts, strict=True):
                if not future.done():  # the one who asked may be gone
                    future.set_result(verdict)
            count(batch, verdicts)

    async def _store(self, commands: list[Command]) -> tuple[list[Verdict], list[Frame]]:
        try:
            return await _commit(commands)
        except OperationalError as error:
            logger.warning("database: %s; %d not stored", error, len(commands))
        except DatabaseError:
            if len(commands) > 1:  # one of them spoils the batch: each for itself then
                parts = [await self._store([command]) for command in commands]
                return [v for verdicts, _ in parts for v in verdicts], [f for _, frames in parts for f in frames]
            logger.exception("not stored")
        except Exception:
            logger.exception("not stored")
        return [unavailable() for _ in commands], []


def count(batch: list[Waiting], verdicts: list[Verdict]) -> None:
    """Once a batch, after everybody has been answered."""
    answered = perf_counter()
    stored: Counter[str] = Counter()
    for (command, _, submitted), verdict in zip(batch, verdicts, strict=True):
        metrics.ACK_SECONDS.observe(answered - submitted)
        if isinstance(verdict, Accepted):
            stored["repeat" if verdict.repeat else type(command).__name__.lower()] += 1
    metrics.REPEATED.inc(stored.pop("repeat", 0))
    for change, number in stored.items():
        metrics.STORED.labels(change).inc(number)


_writers: WeakKeyDictionary[asyncio.AbstractEventLoop, Writer] = WeakKeyDictionary()


def submit(command: Command) -> asyncio.Future[Verdict]:
    """Carry a command out through this process's writer.

    The result is `Accepted` once it is committed, or `Refused`.
    """
    loop = asyncio.get_running_loop()
    if loop not in _writers:
        _writers[loop] = Writer()
    return _writers[loop].submit(command)
