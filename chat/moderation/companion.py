"""Keeps the bans of this process fresh, ends connections of who is banned, and does what moderation leaves to do."""

import asyncio
import logging
from contextlib import suppress
from datetime import date, timedelta

from django.conf import settings
from django.db import Error as DatabaseError
from django.utils import timezone

from chat.database import reading, writing
from chat.hub import Hub
from chat.moderation import bans, purge
from chat.moderation.models import Seen
from chat.observed.request_id import for_everyone
from chat.people import Companion
from chat.protocol import FORBIDDEN
from chat.subscriber import Subscriber
from chat.verbs import Say

logger = logging.getLogger(__name__)

NEWS = "moderation"  # to the other processes: something was done, look
SEEN_DAYS = 30
WRITE_AFTER = 1.0  # seconds; all guests who speak meanwhile are written together
KNOWN_MAX = 10_000  # of who was seen today, so that each is written once; then they are asked for again

refresh = reading(bans.refresh)


class Moderator(Companion):
    """`staff` are set whenever there may be something new to show to them."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self.staff: set[asyncio.Event] = set()
        self._news = asyncio.Event()
        self._seen: set[tuple[str, str, date]] = set()
        self._unwritten: set[tuple[str, str, date]] = set()
        self._swept: date | None = None
        self._running = for_everyone(self._run())
        self._purging: asyncio.Task[None] | None = None

    def came(self, subscriber: Subscriber) -> None:
        """One whose ban was committed while they were let in."""
        self._end_if_banned(subscriber)

    def asked(self, verb: object) -> None:
        """Where guests speak from, once a day."""
        if isinstance(verb, Say) and verb.author.ticket is None and verb.author.address:
            seen = (verb.author.id, verb.author.address, timezone.now().date())
            if seen not in self._seen:
                if len(self._seen) >= KNOWN_MAX:
                    self._seen.clear()
                self._seen.add(seen)
                if not self._unwritten:
                    asyncio.get_running_loop().call_later(WRITE_AFTER, self._news.set)
                self._unwritten.add(seen)

    def heard(self, news: str) -> None:
        if news == NEWS:
            self._news.set()

    def _end_if_banned(self, subscriber: Subscriber) -> None:
        if refused := bans.gate(subscriber.you):
            subscriber.end(FORBIDDEN, refused)

    async def _run(self) -> None:
        while True:
            try:
                await self._look()
            except DatabaseError as error:
                logger.warning("moderation: %s", error)
            except Exception:  # without this no ban would be heard of any more
                logger.exception("moderation")
            with suppress(TimeoutError):
                async with asyncio.timeout(settings.CHAT_POLL_SECONDS):
                    await self._news.wait()
            self._news.clear()

    async def _look(self) -> None:
        await refresh()
        for subscriber in self._hub.people:
            self._end_if_banned(subscriber)
        for each in self.staff:
            each.set()
        if self._purging is None or self._purging.done():
            self._purging = for_everyone(self._purge())
        if self._unwritten:
            unwritten, self._unwritten = self._unwritten, set()
            await _write_seen(unwritten)
        if self._swept != (today := timezone.now().date()):
            await _sweep(today - timedelta(days=SEEN_DAYS))
            self._swept = today

    async def _purge(self) -> None:
        try:
            await purge.work(self._hub)
        except DatabaseError as error:
            logger.warning("moderation: %s; what is to be deleted is taken up again", error)

    async def close(self) -> None:
        self._running.cancel()
        if self._purging:
            self._purging.cancel()


@writing
def _write_seen(seen: set[tuple[str, str, date]]) -> None:
    rows = [Seen(person=person, address=address, day=day) for person, address, day in seen]
    Seen.objects.bulk_create(rows, ignore_conflicts=True)


@writing
def _sweep(before: date) -> None:
    Seen.objects.filter(day__lt=before).delete()
