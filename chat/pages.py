"""What pages show: messages as they were rendered when they were said, and lists of rooms, kept while they are true.

A list is the same for everyone in a time zone, so what differs by person stands beside it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from functools import lru_cache
from itertools import islice
from typing import Any, NamedTuple, Self

from django.db import connection
from django.db.models import F, FilteredRelation, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Left
from django.template.loader import render_to_string
from django.utils.translation import get_language

from accounts.display_names import initial
from chat import days, direct, lines, markup, parts
from chat.direct import Direct
from chat.identity import Identity, account_id
from chat.lines import HTML_MAX, LINE_MAX
from chat.models import CLOSED, OPEN, PUBLIC, Message, Room

PAGE = 50  # messages
ROOMS_LISTED = 50
DISCS = 2  # beside a direct room of more


class Place(NamedTuple):
    """Which part of a room's log: the messages before or after a number, or around one. None of them is its end."""

    before: int | None = None
    after: int | None = None
    at: int | None = None


NEWEST = Place()


@dataclass(frozen=True, slots=True)
class Page:
    """Messages as HTML, with links to those before and after them if there are any."""

    html: str
    is_empty: bool = False
    is_past: bool = False  # there may be newer ones


class _Part(NamedTuple):
    rows: list[days.Row]
    older: int | None = None  # before this number there are more
    newer: int | None = None  # and after this one


def of(room: Room | None, place: Place, zone: tzinfo, *, is_whole: bool = False) -> Page:
    """`is_whole`: with links in both directions, else in the one that was asked for."""
    if room is None:
        return Page("", is_empty=True)
    if place.at is not None:
        return _page(room, _around(room.pk, place.at), zone, place.at)
    if place.after is not None:
        part = _after(room.pk, place.after)
        return _page(room, part._replace(older=part.rows[0].seq) if is_whole and part.rows else part, zone)
    if place.before is not None:
        part = _before(room.pk, place.before)
        return _page(room, part._replace(newer=part.rows[-1].seq) if is_whole and part.rows else part, zone)
    return newest(room, zone)


def newest(room: Room | None, zone: tzinfo = UTC) -> Page:
    """The end of the log. `active_at` tells a room from its earlier self after a restore."""
    if not room:
        return Page("", is_empty=True)
    return _newest(room.pk, room.name, room.seq, room.active_at, zone, days.today(zone), get_language())


@lru_cache(maxsize=64)
def _newest(pk: int, name: str, seq: int, active_at: datetime, zone: tzinfo, today: date, language: str | None) -> Page:
    return _page(Room(pk=pk, name=name), _before(pk, seq + 1), zone)


def _before(room: int, seq: int, most: int = PAGE) -> _Part:
    """The last messages before `seq`, oldest first; deleted ones are not shown."""
    rows = _rows(room, "-seq", most + 1, seq__lt=seq)
    shown = rows[:most][::-1]
    return _Part(shown, older=shown[0].seq if len(rows) > most else None)


def _after(room: int, seq: int, most: int = PAGE) -> _Part:
    rows = _rows(room, "seq", most + 1, seq__gt=seq)
    return _Part(rows[:most], newer=rows[most - 1].seq if len(rows) > most else None)


def _around(room: int, seq: int) -> _Part:
    """Half a page on either side of it. One query, which begins one more than half a page back."""
    half = PAGE // 2
    back = (
        Message.objects.filter(room=room, deleted_at=None, seq__lt=seq).order_by("-seq").values("seq")[half : half + 1]
    )
    rows = _rows(room, "seq", PAGE + 3, seq__gte=Coalesce(Subquery(back), 0))
    before, after = [row for row in rows if row.seq < seq], [row for row in rows if row.seq >= seq]
    shown = before[-half:] + after[: half + 1]
    has_older, has_newer = len(before) > half, len(after) > half + 1
    return _Part(shown, shown[0].seq if has_older else None, shown[-1].seq if has_newer else None)


def _rows(room: int, order: str, most: int, **where: Any) -> list[days.Row]:
    messages = Message.objects.filter(room=room, deleted_at=None, **where).order_by(order)
    rows = list(map(days.Row._make, messages.values_list(*days.Row._fields)[:most]))
    stale = [row.seq for row in rows if row.rendered != markup.VERSION]
    if stale:
        rendered = {each.seq: markup.html_of(each) for each in Message.objects.filter(room=room, seq__in=stale)}
        rows = [row._replace(html=rendered.get(row.seq, row.html)) for row in rows]
    return rows


def _page(room: Room, part: _Part, zone: tzinfo, at: int | None = None) -> Page:
    html = parts.filled(room.pk, "".join(days.laid_out(part.rows, zone, days.today(zone))))
    if at is not None:
        html = _marked(html, part.rows, at)
    context = {"room": room.name, "older": part.older, "newer": part.newer, "messages": html}
    return Page(render_to_string("chat/_page.html", context), not part.rows, part.newer is not None)


def _marked(html: str, rows: list[days.Row], at: int) -> str:
    """The message that was asked for stands out; where it was, one that is gone says so."""
    if any(row.seq == at for row in rows):
        return html.replace(f'" id="m{at}"', f' at" id="m{at}"', 1)
    following = next((row.seq for row in rows if row.seq > at), None)
    place = html.rindex("<article", 0, html.index(f' id="m{following}"')) if following else len(html)
    return html[:place] + render_to_string("chat/_gone.html") + html[place:]


class Entry(NamedTuple):
    """A room in the lobby, with the beginning of what was said there last, unless that was deleted."""

    name: str
    active_at: datetime
    kind: str
    topic: str
    author: str | None
    text: str | None
    body: str | None

    @property
    def is_for_all(self) -> bool:
        """To know of."""
        return self.kind in (PUBLIC, OPEN)

    @property
    def line(self) -> str:
        return lines.line(self.text or "", self.body or "")

    def for_guests(self) -> Self:
        """They may know that an open room is there, and not what is said in it."""
        return self if self.kind == PUBLIC else self._replace(author=None, text=None, body=None)


def entries(rooms: QuerySet[Room]) -> list[Entry]:
    """Rooms and their last words in one statement with whatever says who may know of them."""
    last = FilteredRelation("messages", condition=Q(messages__seq=F("said"), messages__deleted_at=None))
    beginnings = {"text": Left("last__text", LINE_MAX), "body": Left("last__body", HTML_MAX)}
    fields = ("name", "active_at", "kind", "topic", "last__author_name", *beginnings)
    return [Entry(*row) for row in rooms.annotate(last=last, **beginnings).values_list(*fields)]


def recent_rooms(you: Identity, page: int = 0) -> list[Entry]:
    """The most recently active that one may know of, one more than are listed if there are more.

    One query for each kind, in the order of its index: one for all kinds would sort all rooms there are.
    """
    end = (page + 1) * ROOMS_LISTED + 1
    found = [entry for kind in known_to(you) for entry in entries(kind.order_by("-active_at")[:end])]
    found = found if you.ticket else [entry.for_guests() for entry in found]
    return sorted(found, key=lambda entry: entry.active_at, reverse=True)[page * ROOMS_LISTED : end]


def known_to(you: Identity) -> list[QuerySet[Room]]:
    """The rooms that one may know of, by kind, but for direct ones."""
    kinds = [Room.objects.filter(kind=kind) for kind in (PUBLIC, OPEN)]
    if you.ticket:
        kinds.append(Room.objects.filter(kind=CLOSED, members__person=you.ticket.user))
    return kinds


# By hand, since Django cannot join parts that have a LIMIT on SQLite.
LISTED = """
    SELECT * FROM (SELECT name, active_at, 1 AS is_mine FROM chat_member JOIN chat_room ON chat_room.id = room_id
        WHERE person_id = %s AND kind <> 'direct' ORDER BY active_at DESC LIMIT %s) AS mine
    UNION ALL SELECT * FROM (SELECT name, active_at, 0 FROM chat_room
        WHERE kind = 'public' ORDER BY active_at DESC LIMIT %s) AS public
    UNION ALL SELECT * FROM (SELECT name, active_at, 0 FROM chat_room
        WHERE kind = 'open' ORDER BY active_at DESC LIMIT %s) AS open"""


class Listed(NamedTuple):
    """A room in the sidebar."""

    name: str
    is_mine: bool  # one belongs to it


def listed(you: Identity) -> tuple[Listed, ...]:
    """The rooms to which one belongs, but for direct ones, then as many others as there is place for; by activity."""
    with connection.cursor() as cursor:
        cursor.execute(LISTED, [you.ticket.user if you.ticket else 0, *[ROOMS_LISTED] * 3])
        rows = sorted(cursor.fetchall(), key=lambda row: (row[2], row[1]), reverse=True)
    found: dict[str, bool] = {}
    for name, _, is_mine in rows:
        found.setdefault(name, bool(is_mine))
    return tuple(Listed(*each) for each in islice(found.items(), ROOMS_LISTED))


def sidebar(room: str, you: Identity) -> str:
    """The lists of rooms and of direct rooms, with this one in one of them. A row is the same for everybody."""
    rooms, directs, here = listed(you), direct.rooms_of(you, ROOMS_LISTED), direct.direct_of(room, you)
    if here and room not in (each.name for each in directs):  # nothing was said in it yet, or it is further down
        directs.insert(0, here)
    rows = [_row(name, is_mine, name == room) for name, is_mine in rooms]
    if not here and room not in dict(rooms):
        rows.insert(0, _row(room, False, True))
    direct_rows = [_direct_row(each, each.name == room) for each in directs]
    return render_to_string("chat/_rooms.html", {"rooms": rows, "directs": direct_rows, "account": you.ticket})


@lru_cache(maxsize=4096)
def _row(name: str, is_mine: bool, is_here: bool) -> str:
    return render_to_string("chat/_row.html", {"name": name, "title": name, "is_mine": is_mine, "is_here": is_here})


@lru_cache(maxsize=1024)
def _direct_row(room: Direct, is_here: bool) -> str:
    discs = [(markup.disc(account_id(person)), initial(name)) for person, name in room.others[:DISCS]]
    row = {"name": room.name, "title": room.title, "discs": discs, "is_mine": True, "is_here": is_here}
    return render_to_string("chat/_row.html", row)


def lobby_list(rooms: Sequence[Entry], zone: tzinfo = UTC) -> str:
    return _lobby_list(tuple(rooms[:ROOMS_LISTED]), zone, days.today(zone), get_language())


@lru_cache(maxsize=32)
def _lobby_list(rooms: tuple[Entry, ...], zone: tzinfo, today: date, language: str | None) -> str:
    listed = [(entry, days.near(entry.active_at, zone, today)) for entry in rooms]
    return render_to_string("chat/_lobby_rooms.html", {"rooms": listed})
