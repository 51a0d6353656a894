"""Asking the index: candidates first, newest first, then those of them that one may read.

Content and permission are read in one statement, so nothing said after a removal is found by who was removed.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, repeat
from typing import Any

from django.db import connection

from accounts.many import among
from accounts.models import account_named
from chat.identity import Identity
from chat.models import CLOSED, DIRECT, OPEN, PUBLIC, Message, Room
from chat.names import direct_name
from chat.rights import readable_by
from chat.search.models import EPOCH, KIND, ROOM, tag
from chat.search.query import Phrase, Query

PAGE = 50
CANDIDATES = 64, 250, 1500  # asked for first, then where that makes no full page, and from then on each time
SECONDS_MAX = 0.01  # after which a page is given out as it is, with a cursor to go on from
ROOMS_MAX = 50  # closed rooms in a match; of somebody in more, what was found is narrowed by rows instead


@dataclass(frozen=True, slots=True)
class Hit:
    pk: int
    room: str
    seq: int
    author_id: str
    author_name: str
    text: str
    body: str
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class Found:
    hits: list[Hit]
    cursor: int | None  # go on before this message; None: that was all


def find(query: Query, you: Identity, cursor: int | None = None) -> Found:
    """A page of what matches, newest first. It may be short or empty and still have a cursor."""
    match = _match(query, you)
    since = _first_at(query.since) if query.since else 0
    before = min(cursor or _END, _first_at(query.until) if query.until else _END)
    if match is None or before <= since:
        return Found([], None)
    hits: list[Hit] = []
    deadline = time.perf_counter() + SECONDS_MAX
    for count in chain(CANDIDATES, repeat(CANDIDATES[-1])):
        candidates = _candidates(match, before, since, count)
        hits += _readable(candidates, query, you)
        if len(hits) > PAGE:
            return Found(hits[:PAGE], hits[PAGE - 1].pk)
        if len(candidates) < count:
            return Found(hits, None)
        before = candidates[-1]
        if time.perf_counter() > deadline:
            break
    return Found(hits, before)


_END = 2**63 - 1
_HIGHEST_BIT = 2**40  # of the ids of messages

type Match = list[list[Phrase]]  # each one of these groups has to be there, by any of its phrases


def _match(query: Query, you: Identity) -> Match | None:
    """None where nothing can be found."""
    groups = [[phrase] for phrase in query.phrases]
    if query.rooms:
        named = Room.objects.filter(name__in=[_own_name(name, you) for name in query.rooms])
        rooms = [Phrase((tag(ROOM, str(pk)),)) for pk in named.values_list("pk", flat=True)]
        return [*groups, rooms] if rooms else None
    if not groups and not (query.since or query.until):
        return None
    if readable := _readable_rooms(you):
        groups.append(readable)
    return groups or [_kinds(you)]


def _own_name(room: str, you: Identity) -> str:
    if not room.startswith("@"):
        return room
    person = account_named(room[1:]) if you.ticket else None
    return direct_name([you.ticket.user, person.pk]) if you.ticket and person else ""


def _kinds(you: Identity) -> list[Phrase]:
    return [Phrase((tag(KIND, kind),)) for kind in ((PUBLIC, OPEN) if you.ticket else (PUBLIC,))]


def _readable_rooms(you: Identity) -> list[Phrase]:
    """Where one may look, for the match; empty where that would narrow nothing, or take too long."""
    if not Room.objects.exclude(kind=PUBLIC).exists():
        return []
    mine = (
        Room.objects.filter(kind__in=(CLOSED, DIRECT), members__person=you.ticket.user)
        if you.ticket
        else Room.objects.none()
    )
    rooms = list(mine.values_list("pk", flat=True)[: ROOMS_MAX + 1])
    return [] if len(rooms) > ROOMS_MAX else [*_kinds(you), *(Phrase((tag(ROOM, str(pk)),)) for pk in rooms)]


def _candidates(match: Match, before: int, since: int, count: int) -> list[int]:
    """Ids of messages that match, newest first."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(_FTS5, [_fts5(match), before, since, count])
        else:
            epochs = [before, EPOCH, since // EPOCH]
            cursor.execute(_TSVECTOR, [*epochs, _tsquery(match), before, since, count, count])
        return [pk for (pk,) in cursor.fetchall()]


_FTS5 = """
    SELECT rowid FROM search_index WHERE search_index MATCH %s AND rowid < %s AND rowid >= %s
    ORDER BY rowid DESC LIMIT %s
"""
# An epoch at a time, as LIMIT stops it. The planner is kept from knowing the words, and from the index on ids (`+ 0`):
# it would read backwards by it, or all between `before` and `since` for each epoch.
_TSVECTOR = """
    SELECT found.id FROM generate_series(
      least(%s, (SELECT coalesce(max(message_id), 0) FROM search_entry)) / %s, %s::bigint, -1
    ) AS epoch CROSS JOIN LATERAL (
      SELECT message_id AS id FROM search_entry
      WHERE terms @@ replace(%s, '#', epoch::text)::tsquery AND message_id + 0 < %s AND message_id + 0 >= %s
      ORDER BY message_id + 0 DESC LIMIT %s
    ) found LIMIT %s
"""
# Bit by bit, the highest first: `low` grows by `step` if the next message from there on was sent before the time.
_LAST_BEFORE = """
    WITH RECURSIVE search(low, step) AS (
      SELECT CAST(0 AS bigint), CAST(%s AS bigint)
      UNION ALL
      SELECT
        CASE WHEN (SELECT sent_at < %s FROM chat_message WHERE id >= low + step ORDER BY id LIMIT 1)
        THEN low + step ELSE low END,
        step / 2
      FROM search WHERE step > 0
    ) SELECT max(low) FROM search
"""


def _fts5(match: Match) -> str:
    def phrase(phrase: Phrase) -> str:
        return f'"{" ".join(phrase.words)}"{" *" if phrase.is_prefix else ""}'

    return " AND ".join(f"({' OR '.join(map(phrase, group))})" for group in match)


def _tsquery(match: Match) -> str:
    def phrase(phrase: Phrase) -> str:
        words = [f"'#:{word}'" for word in phrase.words]
        return f"({' <-> '.join(words)}{':*' if phrase.is_prefix else ''})"

    return " & ".join(f"({' | '.join(map(phrase, group))})" for group in match)


def _readable(candidates: Sequence[int], query: Query, you: Identity) -> list[Hit]:
    times: dict[str, Any] = {}
    if query.since:
        times["sent_at__gte"] = query.since
    if query.until:
        times["sent_at__lt"] = query.until
    rows = Message.objects.filter(readable_by(you), pk__in=among(candidates), deleted_at=None, **times).order_by("-pk")
    fields = ("pk", "room__name", "seq", "author_id", "author_name", "text", "body", "sent_at")
    return [Hit(*row) for row in rows.values_list(*fields)[: PAGE + 1]]


def _first_at(moment: datetime) -> int:
    """The id of the first message sent at that time or later, by bisection: ids and times rise together, nearly."""
    with connection.cursor() as cursor:
        cursor.execute(_LAST_BEFORE, [_HIGHEST_BIT, connection.ops.adapt_datetimefield_value(moment)])
        return int(cursor.fetchone()[0]) + 1
