"""Writes the markers of a process: all that wait in one transaction, at most once a second."""

import asyncio
import logging
from collections.abc import Callable, Collection
from contextlib import suppress

from django.db import Error as DatabaseError

from chat.database import writing
from chat.observed.request_id import for_everyone
from chat.unread import numbers
from chat.unread.numbers import Mark

logger = logging.getLogger(__name__)

EVERY = 1.0  # seconds
Key = tuple[int, str]  # person, room

write = writing(numbers.write)


class Markers:
    """`written` is called with those that were."""

    def __init__(self, written: Callable[[Collection[Key]], None]) -> None:
        self._written = written
        self._waiting: dict[Key, Mark] = {}
        self._due = asyncio.Event()
        self._running = for_everyone(self._run())

    def put(self, mark: Mark) -> None:
        """Of two for the same room the newer counts."""
        before = self._waiting.get((mark.person, mark.room))
        if before is None or (before.revision, before.seq) < (mark.revision, mark.seq):
            self._waiting[mark.person, mark.room] = mark
        self._due.set()

    async def _run(self) -> None:
        while await self._due.wait():
            self._due.clear()
            try:
                await self._write()
            except DatabaseError as error:
                logger.warning("unread: %s", error)
                self._due.set()
            except Exception:  # without this no marker would be written any more
                logger.exception("unread")
            await asyncio.sleep(EVERY)

    async def _write(self) -> None:
        marks, self._waiting = self._waiting, {}
        try:
            await write(list(marks.values()))
        except DatabaseError:
            self._waiting = marks | self._waiting
            raise
        self._written([*marks])

    async def close(self) -> None:
        self._running.cancel()
        with suppress(DatabaseError):
            if self._waiting:
                await write(list(self._waiting.values()))
