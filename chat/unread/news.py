"""What pages are told at once: what is unread, and where something happened, for the lists of rooms.

`{"type": "recent", "rooms": [{"room", "at"}, …]}` has the last words too where it is for the lobby. The rooms are read
before anybody is asked who belongs to the closed ones: see *Read first, ask after* in docs/architecture.md.
"""

from collections.abc import Collection
from datetime import timedelta

from django.utils import timezone

from chat import pages, protocol
from chat.events import Whisper
from chat.models import OPEN, PUBLIC, Room
from chat.names import LOBBY
from chat.pages import Entry
from chat.protocol import Event
from chat.subscriber import Subscriber
from chat.unread.numbers import Number

MOST = pages.ROOMS_LISTED  # in an event: a list of rooms shows no more
RECENT = timedelta(seconds=10)  # before that a room changed, but nothing happened in it
GUEST, ACCOUNT = -1, 0  # in place of a person: any guest, and any account of which nothing more is to be known


def active(rooms: Collection[str]) -> list[Entry]:
    """The most recently active first."""
    return pages.entries(Room.objects.filter(name__in=rooms).order_by("-active_at")[: 10 * MOST])


def active_since(seconds: float) -> set[str]:
    since = timezone.now() - timedelta(seconds=seconds)
    return set(Room.objects.filter(active_at__gt=since).values_list("name", flat=True)[:1000])


class News:
    """One frame for each page, made once for all who are told the same.

    `unread` are events, by account. `members` says who may know of the closed and direct rooms among `entries`.
    """

    def __init__(self, entries: list[Entry], members: list[Number], unread: dict[int, Event]) -> None:
        self._entries = entries
        self._unread = {person: protocol.encode([event]) for person, event in unread.items()}
        self._rooms = {entry.name for entry in entries}
        hidden = {entry.name for entry in entries if entry.kind not in (PUBLIC, OPEN)}
        self._known = dict.fromkeys((GUEST, ACCOUNT), self._rooms - hidden)
        for number in members:
            if number.room in hidden:
                self._known.setdefault(number.person, set(self._known[ACCOUNT])).add(number.room)
        self._since = timezone.now() - RECENT
        self._texts: dict[tuple[int, str | None], str] = {}
        self._made: dict[tuple[int, str | None], Whisper | None] = {}

    def to(self, tab: Subscriber) -> Whisper | None:
        person = tab.you.ticket.user if tab.you.ticket else GUEST
        if person not in self._unread and person not in self._known:
            person = ACCOUNT
        key = person, tab.room if tab.room == LOBBY or tab.room in self._rooms else None
        if key not in self._made:
            self._made[key] = self._frame(*key)
        return self._made[key]

    def _frame(self, person: int, room: str | None) -> Whisper | None:
        unread = self._unread.get(person, "")
        parts = [text for text in (unread, self._active(person if person in self._known else ACCOUNT, room)) if text]
        return Whisper("", parts[0] if len(parts) == 1 else f"[{','.join(parts)}]") if parts else None

    def _active(self, person: int, room: str | None) -> str:
        if (person, room) not in self._texts:
            known = [entry for entry in self._entries if entry.name in self._known[person]]
            if person == GUEST:
                known = [entry.for_guests() for entry in known]
            rooms = [_whole(each) for each in known] if room == LOBBY else self._moved(known, room)
            event: Event = {"type": "recent", "rooms": rooms[:MOST]}
            self._texts[person, room] = protocol.encode([event]) if rooms else ""
        return self._texts[person, room]

    def _moved(self, entries: list[Entry], here: str | None) -> list[Event]:
        """The page of a room sees for itself what happens there."""
        return [_moved(each) for each in entries if each.active_at > self._since and each.name != here]


def _moved(entry: Entry) -> Event:
    return {"room": entry.name, "at": entry.active_at.isoformat()}


def _whole(entry: Entry) -> Event:
    last = {"author": entry.author, "text": entry.line} if entry.line else None
    return _moved(entry) | {"kind": entry.kind, "topic": entry.topic, "last": last}
