"""What pages are told at once: what is unread, and where something happened, for the lists of rooms.

`{"type": "recent", "rooms": [{"room", "at"}, …]}` has the last words too where it is for the lobby. The rooms are read
before anybody is asked who belongs to the closed ones: see *Read first, ask after* in docs/architecture.md.
`{"type": "gone", "rooms": […]}` is for those who may not know any more of a room that everybody could know of.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from accounts.many import among
from chat import pages, protocol
from chat.events import Whisper
from chat.models import OPEN, PUBLIC, Room
from chat.names import LOBBY
from chat.pages import Entry
from chat.protocol import Event
from chat.subscriber import Subscriber
from chat.unread.numbers import Number

MOST = pages.ROOMS_LISTED  # in an event: a list of rooms shows no more
READ = 10 * MOST  # rooms at once
RECENT = timedelta(seconds=10)  # before that a room changed, but nothing happened in it


def active(rooms: Collection[str]) -> list[Entry]:
    """The most recently active first."""
    return pages.entries(Room.objects.filter(name__in=among(rooms)).order_by("-active_at")[:READ])


def active_since(seconds: float) -> list[Entry]:
    since = timezone.now() - timedelta(seconds=seconds)
    return pages.entries(Room.objects.filter(active_at__gt=since).order_by("-active_at")[:READ])


def listed() -> set[str]:
    """What everybody's lists of rooms may show, and some more."""
    kinds = [Room.objects.filter(kind=kind).order_by("-active_at") for kind in (PUBLIC, OPEN)]
    return {name for kind in kinds for name in kind.values_list("name", flat=True)[:READ]}


def gone(rooms: Collection[str], entries: list[Entry]) -> set[str]:
    """Those of these rooms that are closed by now or not there, by what `active` found of them and others."""
    there = {entry.name for entry in entries}
    closed = {entry.name for entry in entries if not entry.is_for_all}
    return closed & set(rooms) | (set(rooms) - there if len(entries) < READ else set())


class News:
    """One frame for each page, made once for all who are told the same.

    `unread` are events as `encoded`, by account. `members` says who may know of the closed and direct rooms among
    `entries`; all others are told of those among them that are `gone`.
    """

    def __init__(self, entries: list[Entry], gone: set[str], members: list[Number], unread: dict[int, str]) -> None:
        self._entries, self._gone, self._unread = entries, gone, unread
        self._rooms = {entry.name for entry in entries}
        hidden = {entry.name for entry in entries if not entry.is_for_all}
        self._known: dict[int | None, set[str]] = {None: self._rooms - hidden}
        for number in members:
            if number.room in hidden:
                self._known.setdefault(number.person, set(self._known[None])).add(number.room)
        self._since = timezone.now() - RECENT
        self._texts: dict[tuple[int | None, str | None], list[str]] = {}
        self._made: dict[tuple[str, int | None, str | None], Whisper | None] = {}

    def to(self, tab: Subscriber) -> Whisper | None:
        person = tab.you.ticket.user if tab.you.ticket else None
        unread = self._unread.get(person, "") if person else ""
        known = person if person in self._known else None
        key = unread, known, tab.room if tab.room == LOBBY or tab.room in self._rooms else None
        if key not in self._made:
            self._made[key] = self._frame(*key)
        return self._made[key]

    def _frame(self, unread: str, known: int | None, room: str | None) -> Whisper | None:
        events = [*filter(None, [unread]), *self._of_rooms(known, room)]
        text = events[0] if len(events) == 1 else f"[{','.join(events)}]"
        return Whisper("", text, is_news=bool(unread)) if events else None

    def _of_rooms(self, known: int | None, room: str | None) -> list[str]:
        if (known, room) not in self._texts:
            events: list[Event] = []
            if gone := sorted(self._gone - self._known[known]):
                events.append({"type": "gone", "rooms": gone})
            entries = [entry for entry in self._entries if entry.name in self._known[known]]
            if rooms := [_whole(each) for each in entries] if room == LOBBY else self._moved(entries, room):
                events.append({"type": "recent", "rooms": rooms[:MOST]})
            self._texts[known, room] = [protocol.encode([event]) for event in events]
        return self._texts[known, room]

    def _moved(self, entries: list[Entry], here: str | None) -> list[Event]:
        """The page of a room sees for itself what happens there."""
        recent = [each for each in entries if each.active_at > self._since and each.name != here]
        return [moved(each.name, each.active_at) for each in recent]


def encoded(by_person: dict[int, list[Number]], **more: bool) -> dict[int, str]:
    """The event for each, made once for all to whom the same is unread: in a crowd that is nearly everybody."""
    made: dict[tuple[Any, ...], str] = {}
    events = {}
    for person, numbers in by_person.items():
        same = tuple([number[1:] for number in numbers])
        if same not in made:
            event = {"type": "unread", **more, "rooms": [number.public() for number in numbers]}
            made[same] = protocol.encode([event])
        events[person] = made[same]
    return events


def moved(room: str, active_at: datetime) -> Event:
    return {"room": room, "at": active_at.isoformat()}


def _whole(entry: Entry) -> Event:
    last = {"author": entry.author, "text": entry.line} if entry.line else None
    return moved(entry.name, entry.active_at) | {"kind": entry.kind, "topic": entry.topic, "last": last}
