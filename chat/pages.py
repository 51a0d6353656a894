"""What pages show: messages as they were rendered when they were said, and lists of rooms, kept while they are true.

A list is the same for everyone in a time zone, so what differs by person stands beside it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from functools import lru_cache

from django.template.loader import render_to_string
from django.utils.translation import get_language

from chat import days, direct, markup
from chat.identity import Identity
from chat.models import CLOSED, OPEN, PUBLIC, Message, Room

PAGE = 50  # messages
ROOMS_LISTED = 50


@dataclass(frozen=True, slots=True)
class Page:
    """Messages as HTML, with a link to those before them if there are any."""

    html: str
    is_empty: bool


def of(room: Room | None, before_seq: int | None, zone: tzinfo) -> Page:
    return before(room.pk, room.name, before_seq, zone) if room and before_seq is not None else newest(room, zone)


def newest(room: Room | None, zone: tzinfo = UTC) -> Page:
    """The end of the log. `active_at` tells a room from its earlier self after a restore."""
    if not room:
        return Page("", is_empty=True)
    return _newest(room.pk, room.name, room.seq, room.active_at, zone, days.today(zone), get_language())


@lru_cache(maxsize=64)
def _newest(pk: int, name: str, seq: int, active_at: datetime, zone: tzinfo, today: date, language: str | None) -> Page:
    return before(pk, name, seq + 1, zone)


def before(pk: int, room: str, seq: int, zone: tzinfo = UTC) -> Page:
    """The last messages before `seq`, oldest first; deleted ones are not shown."""
    messages = Message.objects.filter(room=pk, seq__lt=seq, deleted_at=None).order_by("-seq")
    rows = list(map(days.Row._make, messages.values_list(*days.Row._fields)[: PAGE + 1]))[::-1]
    shown = rows[-PAGE:]
    stale = [row.seq for row in shown if row.rendered != markup.VERSION]
    if stale:
        rendered = {each.seq: markup.html_of(each) for each in messages.filter(seq__in=stale)}
        shown = [row._replace(html=rendered.get(row.seq, row.html)) for row in shown]
    older = shown[0].seq if len(rows) > PAGE else None
    html = "".join(days.laid_out(shown, zone, days.today(zone)))
    return Page(render_to_string("chat/_page.html", {"room": room, "older": older, "messages": html}), not shown)


def recent_rooms(you: Identity, page: int = 0) -> list[tuple[str, datetime]]:
    """Names and times of the most recently active that one may know of, one more than are listed if there are more.

    One query for each kind, in the order of its index: one for all kinds would sort all rooms there are.
    """
    end = (page + 1) * ROOMS_LISTED + 1
    kinds = [Room.objects.filter(kind=kind) for kind in (PUBLIC, OPEN)]
    if you.ticket:
        kinds.append(Room.objects.filter(kind=CLOSED, members__person=you.ticket.user))
    found = [room for kind in kinds for room in kind.order_by("-active_at").values_list("name", "active_at")[:end]]
    return sorted(found, key=lambda room: room[1], reverse=True)[page * ROOMS_LISTED : end]


def sidebar(room: str, you: Identity) -> str:
    """The list of rooms, with this one in it."""
    names = tuple(name for name, _ in recent_rooms(you)[:ROOMS_LISTED])
    return _sidebar(room, direct.title(room, you), names, tuple(direct.rooms_of(you, ROOMS_LISTED)))


@lru_cache(maxsize=128)
def _sidebar(room: str, title: str, names: tuple[str, ...], directs: tuple[tuple[str, str], ...]) -> str:
    listed = room in names or room in dict(directs)
    context = {"room": room, "title": title, "rooms": names, "directs": directs, "listed": listed}
    return render_to_string("chat/_rooms.html", context)


def lobby_list(rooms: Sequence[tuple[str, datetime]], zone: tzinfo = UTC) -> str:
    return _lobby_list(tuple(rooms[:ROOMS_LISTED]), zone, days.today(zone), get_language())


@lru_cache(maxsize=32)
def _lobby_list(rooms: tuple[tuple[str, datetime], ...], zone: tzinfo, today: date, language: str | None) -> str:
    listed = [(name, active_at, days.near(active_at, zone, today)) for name, active_at in rooms]
    return render_to_string("chat/_lobby_rooms.html", {"rooms": listed})
