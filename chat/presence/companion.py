"""Keeps the people of each room that is followed here, and tells the members when that changes."""

import asyncio
import logging
import time
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Self

from django.conf import settings

from chat import limits, protocol
from chat.events import Whisper
from chat.hub import Hub
from chat.names import LOBBY
from chat.observed.request_id import for_everyone
from chat.people import Companion, Hints, digest
from chat.presence.leases import Leases, NoLeases, RedisLeases, Seen
from chat.presence.person import People, Person, together
from chat.protocol import Event
from chat.subscriber import Subscriber

logger = logging.getLogger(__name__)

GRACE_SECONDS = 3.0  # in which one who went may come back, as by a reload; one who was cut off has longer
LOOK_EVERY = 5.0  # seconds, at what other processes have
LOOK_AGAIN = 2.0  # seconds, while that is not sure
TELL_EVERY = 1.0  # seconds; what happens meanwhile is one event
NAMED_MAX = 100  # people; of more than that the number alone
CROWD = "crowd"  # what a poll knows of that
ACTIVE_SECONDS = 120  # after one's last input; then one is away. As in static/chat/presence/active.js


@dataclass(slots=True)
class Input:
    """Somebody's last, by the clock. Whoever comes is taken for active until their page says more."""

    at: float
    is_sure: bool = False

    @property
    def away(self) -> str:
        """Since when, as `Person` has it."""
        if time.time() - self.at < ACTIVE_SECONDS:
            return ""
        return datetime.fromtimestamp(self.at, UTC).isoformat(timespec="seconds")


@dataclass(slots=True)
class Place:
    """A room. `shown` is what its members were told, None before the first look."""

    tabs: dict[str, set[Subscriber]] = field(default_factory=dict)  # by the identity's id
    leaving: dict[str, tuple[str, float]] = field(default_factory=dict)  # by id: the name, and when they are gone
    inputs: dict[str, Input] = field(default_factory=dict)  # of those here and leaving, by id
    newcomers: set[Subscriber] = field(default_factory=set)  # who is told all of it
    shown: People | None = None
    is_due: bool = True  # somebody came or went

    def here(self) -> People:
        """Who is connected to this process, or was just now."""
        names = {id: name for id, (name, _) in self.leaving.items()}
        names |= {id: next(iter(tabs)).you.name for id, tabs in self.tabs.items()}
        return {id: Person(name, "" if self.is_crowded else self.inputs[id].away) for id, name in names.items()}

    @property
    def is_crowded(self) -> bool:
        return len(self.shown or self.tabs) > NAMED_MAX

    def forget(self, now: float) -> None:
        gone = [id for id, (_, at) in self.leaving.items() if at <= now]
        for id in gone:
            del self.leaving[id], self.inputs[id]
        self.is_due = self.is_due or bool(gone)

    def look(self, here: People, seen: Seen) -> None:
        """Nobody is shown as gone who may still be there. Tells those who know the room what is different."""
        before, now = self.shown, together(seen.people, here)
        self.shown = now if seen.is_sure or before is None else before | now
        if before is not None and (event := _difference(before, self.shown)):
            self._tell({tab for tabs in self.tabs.values() for tab in tabs} - self.newcomers, event)

    def welcome(self) -> None:
        if self.shown is not None and (ready := {tab for tab in self.newcomers if tab.you.id in self.shown}):
            self.newcomers -= ready
            self._tell(ready, _all(self.shown))

    def _tell(self, tabs: set[Subscriber], event: Event) -> None:
        """Who could not take it is told all of it the next time."""
        whisper = Whisper("", protocol.encode([event]), is_news=not self.is_crowded)
        self.newcomers |= {tab for tab in tabs if not tab.hint(whisper) and not tab.is_over}


def _difference(before: People, now: People) -> Event | None:
    if len(now) > NAMED_MAX:
        return {"type": "presence", "count": len(now)} if len(now) != len(before) else None
    if len(before) > NAMED_MAX:
        return _all(now)
    joined = _public({id: person for id, person in now.items() if before.get(id) != person})
    left = [{"id": id, "name": person.name} for id, person in before.items() if id not in now]
    changes = {key: people for key, people in (("joined", joined), ("left", left)) if people}
    return {"type": "presence", "count": len(now)} | changes if changes else None


def _all(people: People) -> Event:
    event: Event = {"type": "presence", "count": len(people)}
    return event if len(people) > NAMED_MAX else event | {"online": _public(people)}


def _public(people: People) -> list[dict[str, str]]:
    return [person.public(id) for id, person in people.items()]


class Presence(Companion):
    """Hears of who comes and goes in one process."""

    def __init__(self, leases: Leases) -> None:
        self._leases, self._places = leases, dict[str, Place]()
        self._due, self._look_at = asyncio.Event(), 0.0
        self._running = for_everyone(self._run())

    @classmethod
    def of_settings(cls, hub: Hub) -> Self:
        return cls(RedisLeases(settings.REDIS_URLS) if settings.REDIS_URLS else NoLeases())

    def came(self, subscriber: Subscriber) -> None:
        if subscriber.room == LOBBY:
            return
        place, id = self._places.setdefault(subscriber.room, Place()), subscriber.you.id
        is_back = place.leaving.pop(id, None) is not None or id in place.tabs
        place.is_due = place.is_due or not is_back
        place.tabs.setdefault(id, set()).add(subscriber)
        place.inputs.setdefault(id, Input(time.time()))
        place.newcomers.add(subscriber)
        self._due.set()

    def went(self, subscriber: Subscriber) -> None:
        place, you = self._places.get(subscriber.room), subscriber.you
        if place is None or subscriber not in place.tabs.get(you.id, ()):
            return
        place.newcomers.discard(subscriber)
        place.tabs[you.id].discard(subscriber)
        if not place.tabs[you.id]:
            del place.tabs[you.id]
            grace = max(GRACE_SECONDS, subscriber.back_within)
            place.leaving[you.id] = you.name, time.monotonic() + grace
            asyncio.get_running_loop().call_later(grace, self._due.set)

    def renamed(self, subscriber: Subscriber) -> None:
        if place := self._places.get(subscriber.room):
            place.is_due = True
            self._due.set()

    def had_input(self, room: str, id: str, ago: float = 0) -> None:
        """Told at once where somebody is active again; that somebody is away is seen at the next look."""
        place = self._places.get(room)
        known = place.inputs.get(id) if place else None
        if not place or not known or (known.is_sure and time.time() - ago <= known.at):
            return
        place.inputs[id] = now = Input(time.time() - ago, is_sure=True)
        if bool(known.away) != bool(now.away):
            place.is_due = True
            self._due.set()

    def asked(self, verb: Any) -> None:
        if verb.bucket == limits.MESSAGES:
            self.had_input(verb.room, verb.author.id)

    async def tell(self, subscriber: Subscriber, hints: Hints) -> None:
        place = self._places.get(subscriber.room)
        if place and place.shown is not None:
            event = _all(place.shown)
            hints.events.append(event)
            # Of a crowd the number alone is told, for which no poll ends that knows of one.
            word = digest(event) if "online" in event else CROWD
            hints.note("here", word, is_news=word != hints.knows("here"))

    def is_crowded(self, room: str) -> bool:
        """Too many people to be named."""
        place = self._places.get(room)
        return place is not None and place.is_crowded

    async def _run(self) -> None:
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(self._look_at - time.monotonic()):
                    await self._due.wait()
            self._due.clear()
            try:
                await self._step()
            except Exception:  # without this nobody would hear of anybody any more
                logger.exception("presence")
            await asyncio.sleep(TELL_EVERY)

    async def _step(self) -> None:
        now = time.monotonic()
        for place in self._places.values():
            place.forget(now)
        looks_at_all = now >= self._look_at
        due = {room: place for room, place in self._places.items() if place.is_due or looks_at_all}
        here = {room: place.here() for room, place in due.items()}
        for place in due.values():
            place.is_due = False
        seen = await self._leases.exchange(here)
        if looks_at_all:
            is_sure = all(each.is_sure for each in seen.values())
            self._look_at = now + (LOOK_EVERY if is_sure else LOOK_AGAIN)
        for room, place in due.items():
            place.look(here[room], seen[room])
        for place in self._places.values():
            place.welcome()
        for room in [room for room, people in here.items() if not people and not self._places[room].here()]:
            del self._places[room]

    async def close(self) -> None:
        self._running.cancel()
        await self._leases.close()
