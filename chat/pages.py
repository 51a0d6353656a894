"""What pages show: messages as they were rendered when they were said, and lists of rooms, kept while they are true.

A list is the same for everyone who sees it, so what differs by person stands beside it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from django.template.loader import render_to_string

from chat import markup
from chat.identity import Identity
from chat.models import CLOSED, OPEN, PUBLIC, Message, Room

PAGE = 50  # messages
ROOMS_LISTED = 50


@dataclass(frozen=True, slots=True)
class Page:
    """Messages as HTML, with a link to those before them if there are any."""

    html: str
    is_empty: bool


def newest(room: Room | None) -> Page:
    """The end of the log. `active_at` tells a room from its earlier self after a restore."""
    return _newest(room.pk, room.name, room.seq, room.active_at) if room else Page("", is_empty=True)


@lru_cache(maxsize=64)
def _newest(pk: int, name: str, seq: int, active_at: datetime) -> Page:
    return before(pk, name, seq + 1)


def before(pk: int, room: str, seq: int) -> Page:
    """The last messages before `seq`, oldest first; deleted ones are not shown."""
    messages = Message.objects.filter(room=pk, seq__lt=seq, deleted_at=None).order_by("-seq")
    rows = list(messages.values_list("seq", "html", "rendered")[: PAGE + 1])[::-1]
    shown = rows[-PAGE:]
    stale = [seq for seq, _, version in shown if version != markup.VERSION]
    rendered = {each.seq: markup.html_of(each) for each in messages.filter(seq__in=stale)} if stale else {}
    older = shown[0][0] if len(rows) > PAGE else None
    html = "".join([rendered.get(seq, html) for seq, html, _ in shown])
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
    return _sidebar(room, tuple(name for name, _ in recent_rooms(you)[:ROOMS_LISTED]))


@lru_cache(maxsize=128)
def _sidebar(room: str, names: tuple[str, ...]) -> str:
    return render_to_string("chat/_rooms.html", {"room": room, "rooms": names, "listed": room in names})


def lobby_list(rooms: Sequence[tuple[str, datetime]]) -> str:
    return _lobby_list(tuple(rooms[:ROOMS_LISTED]))


@lru_cache(maxsize=32)
def _lobby_list(rooms: tuple[tuple[str, datetime], ...]) -> str:
    return render_to_string("chat/_lobby_rooms.html", {"rooms": rooms})
