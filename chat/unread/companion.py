"""Tells the people of a process what is unread and where something happened: once a second.

Rooms that changed and markers that moved are told to the other processes, so soon that these are not late by a second
more. What is lost on the way, each finds by looking now and then: at the rooms in which something happened of late, and
at some of its people in turn.
"""

import asyncio
import json
import logging
from collections.abc import Collection, Iterable
from contextlib import suppress

from django.conf import settings
from django.db import Error as DatabaseError

from chat.database import reading
from chat.events import Frame
from chat.hub import Hub
from chat.observed.request_id import for_everyone
from chat.pages import Entry
from chat.people import ROOM_CHANGED, Companion, Hints
from chat.subscriber import Subscriber
from chat.unread import asking, news, numbers
from chat.unread.markers import Key, Markers
from chat.unread.news import News
from chat.unread.numbers import Number

logger = logging.getLogger(__name__)

EVERY = 1.0  # seconds
TOGETHER = 0.05  # seconds, in which rooms that changed are told to the others in one word
TOLD_MAX = 10_000  # rooms whose last state is remembered
LOOKED_AT = 50  # people, each time
NEWS = "unread "  # how a word to all processes begins; as JSON follow rooms, people, and marks as [person, room]

of_people, in_rooms = reading(numbers.of_people), reading(numbers.in_rooms)
active, active_since, listed = reading(news.active), reading(news.active_since), reading(news.listed)
asked = reading(asking.asked)


class Unread(Companion):
    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self.markers = Markers(self._written)
        self._tabs: dict[int, set[Subscriber]] = {}  # of each account that is connected here
        self._sent: dict[int, dict[str, Number]] = {}  # to each, where something is unread
        self._changed: set[str] = set()  # rooms, by what was committed here, of which the others have no word yet
        self._telling: asyncio.TimerHandle | None = None
        self._rooms: set[str] = set()  # to be counted again
        self._people: set[int] = set()  # to be told everything
        self._behind: set[Subscriber] = set()  # to be told where something happened just now: it came, or was busy
        self._marked: dict[str, set[int]] = {}  # rooms to be counted again for these people
        self._in_turn: list[int] = []
        self._told: dict[str, Entry] = {}
        self._listed: set[str] = set()  # rooms that may be in everybody's lists
        self._due = asyncio.Event()
        hub.listeners.append(self._committed)
        self._running = for_everyone(self._run())

    def came(self, subscriber: Subscriber) -> None:
        if ticket := subscriber.you.ticket:
            self._tabs.setdefault(ticket.user, set()).add(subscriber)
            self._people.add(ticket.user)
        self._behind.add(subscriber)
        self._due.set()

    def went(self, subscriber: Subscriber) -> None:
        self._behind.discard(subscriber)
        if (ticket := subscriber.you.ticket) and (tabs := self._tabs.get(ticket.user)):
            tabs.discard(subscriber)
            if not tabs:
                del self._tabs[ticket.user]
                self._sent.pop(ticket.user, None)

    async def tell(self, subscriber: Subscriber, hints: Hints) -> None:
        if hints.keeps:
            answer = await asked(subscriber.you, subscriber.room, hints.knows("unread"))
            hints.events += answer.events
            hints.note("unread", answer.known, is_news=answer.is_news)

    def _committed(self, frame: Frame) -> None:
        if not self._changed:
            self._telling = asyncio.get_running_loop().call_later(TOGETHER, self._tell_changed)
        self._changed.add(frame.room)

    def _tell_changed(self) -> None:
        changed, self._changed = self._changed, set()
        self._tell_all(rooms=changed)

    def _written(self, marks: Collection[Key]) -> None:
        self._tell_all(marks=marks)

    def tell_again(self, person: int) -> None:
        """All that concerns them, in all processes."""
        self._tell_all(people=[person])

    def _tell_all(self, rooms: Collection[str] = (), people: Collection[int] = (), marks: Collection[Key] = ()) -> None:
        self._hub.people.tell_companions(NEWS + json.dumps([[*rooms], [*people], [*marks]]))

    def heard(self, news: str) -> None:
        if news.startswith(NEWS):
            rooms, people, marks = json.loads(news.removeprefix(NEWS))
            self._rooms.update(rooms)
            self._people.update(person for person in people if person in self._tabs)
            for person, room in marks:
                if person in self._tabs:
                    self._marked.setdefault(room, set()).add(person)
            self._due.set()
        elif news.startswith(ROOM_CHANGED):
            self._rooms.add(news.removeprefix(ROOM_CHANGED))
            self._due.set()

    async def _run(self) -> None:
        clock, looks_around = asyncio.get_running_loop().time, 0.0
        await self._due.wait()  # until somebody is here
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout_at(looks_around):
                    await self._due.wait()
            self._due.clear()
            try:
                if clock() < looks_around:
                    await self._look()
                else:
                    looks_around = clock() + settings.CHAT_POLL_SECONDS
                    await self._look_around()
            except DatabaseError as error:
                logger.warning("unread: %s", error)
            except Exception:  # without this nobody would be told any more
                logger.exception("unread")
            await asyncio.sleep(EVERY)

    async def _look(self) -> None:
        """What happened is read before who belongs to a room: nothing is told of what came after a removal."""
        rooms, people, marked, behind = self._rooms, self._people & self._tabs.keys(), self._marked, self._behind
        self._rooms, self._people, self._marked, self._behind = set(), set(), {}, set()
        marked_elsewhere = {room: who for room, who in marked.items() if room not in rooms}
        try:
            entries = await active(rooms) if rooms else []
            recent = await active_since(news.RECENT.total_seconds()) if behind else []
            counted = rooms | {entry.name for entry in recent if not entry.is_for_all}
            changed = await in_rooms(counted, self._tabs) if counted and self._tabs else []
            if marked_elsewhere:
                changed += await in_rooms(marked_elsewhere, set().union(*marked_elsewhere.values()))
            everything = await of_people(people, self._where(people)) if people else []
        except DatabaseError:
            self._rooms |= rooms | marked.keys()
            self._people |= people
            self._behind |= behind
            raise
        changes = self._changes([number for number in changed if number.person not in people])
        all_of = _by_person(people, everything)
        self._sent |= _by_room(all_of)
        new = self._new(entries)
        gone = news.gone(self._listed & rooms, entries)
        self._listed = self._listed - gone | {entry.name for entry in new if entry.is_for_all}
        if changes or people or behind or new or gone:
            unread = news.encoded(changes) | news.encoded(all_of, all=True)
            of_late = {entry.name: entry for entry in [*recent, *new]}.values()
            newest_first = sorted(of_late, key=lambda entry: entry.active_at, reverse=True)
            told, all_told = (News(which, gone, changed, unread) for which in (new, newest_first))
            self._tell(told, behind, all_told)

    def _new(self, entries: list[Entry]) -> list[Entry]:
        """What was not told before: a room is looked at again where nothing happened in it."""
        new = [entry for entry in entries if self._told.get(entry.name) != entry]
        if len(self._told) > TOLD_MAX:
            self._told.clear()
        self._told |= {entry.name: entry for entry in new}
        return new

    def _where(self, people: Iterable[int]) -> set[str]:
        return {tab.room for person in people for tab in self._tabs.get(person, ())}

    async def _look_around(self) -> None:
        """What no word told."""
        recent, now_listed = await active_since(2 * settings.CHAT_POLL_SECONDS + 5), await listed()
        left = self._listed - now_listed  # closed, or only not among the first any more
        self._listed |= now_listed
        self._rooms |= left | {entry.name for entry in recent if self._told.get(entry.name) != entry}
        self._in_turn = self._in_turn or list(self._tabs)
        some, self._in_turn = set(self._in_turn[:LOOKED_AT]), self._in_turn[LOOKED_AT:]
        if some:
            found = await of_people(some, self._where(some))
            now = _by_room(_by_person(some, found))
            self._people |= {person for person in some if now[person] != self._sent.get(person)}
        await self._look()
        self._listed -= left

    def _changes(self, found: list[Number]) -> dict[int, list[Number]]:
        changes: dict[int, list[Number]] = {}
        for number in found:
            sent = self._sent.setdefault(number.person, {})
            is_nothing = number.room not in sent and not number.unread and not number.mentions
            if not is_nothing and sent.get(number.room) != number:
                sent[number.room] = number
                changes.setdefault(number.person, []).append(number)
        return changes

    def _tell(self, told: News, behind: set[Subscriber], all_told: News) -> None:
        """Who cannot take it now is told everything that is unread, and where something happened, the next time."""
        for tab in self._hub.people:
            whisper = (all_told if tab in behind else told).to(tab)
            if whisper and not tab.hint(whisper) and not tab.is_over:
                if tab.you.ticket:
                    self._people.add(tab.you.ticket.user)
                self._behind.add(tab)
                self._due.set()

    async def close(self) -> None:
        self._running.cancel()
        if self._telling:
            self._telling.cancel()
        await self.markers.close()


def _by_person(people: Iterable[int], found: list[Number]) -> dict[int, list[Number]]:
    by_person: dict[int, list[Number]] = {person: [] for person in people}
    for number in found:
        by_person[number.person].append(number)
    return by_person


def _by_room(by_person: dict[int, list[Number]]) -> dict[int, dict[str, Number]]:
    return {person: {number.room: number for number in numbers} for person, numbers in by_person.items()}
