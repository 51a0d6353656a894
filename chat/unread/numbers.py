"""How much is unread: counted from the log and each member's marker, never counted up."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.db.models import CharField, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Concat

from accounts.many import among
from chat.models import Member, Message
from chat.protocol import Event

COUNTED_MAX = 100  # a page shows 99+
ROOMS_MAX = 500  # of one person
EVERYTHING, MUTED = "everything", "muted"  # involvement: everything that is unread counts as a mention, or nothing

MARK = """
    UPDATE chat_member SET revision = %s, read_seq = (
        SELECT CASE WHEN chat_room.seq < %s THEN chat_room.seq ELSE %s END FROM chat_room WHERE id = room_id)
    WHERE person_id = %s AND room_id = (SELECT id FROM chat_room WHERE name = %s)
        AND (revision < %s OR (revision = %s AND read_seq < %s))"""


class CountOf(Subquery):
    """Of the rows of a slice, so at most so many. A scalar sub-query: the same SQL on both databases."""

    template = "(SELECT count(*) FROM (%(subquery)s) counted)"
    output_field = IntegerField()


class Number(NamedTuple):
    """Of one room, for one person."""

    person: int
    room: str
    unread: int
    mentions: int
    read: int
    revision: int

    def public(self) -> Event:
        return {"room": self.room, "unread": self.unread, "mentions": self.mentions, "read": self.read,
                "revision": self.revision}  # fmt: skip


# A feature that knows of mentions puts its query here, of a member's unread ones: see chat.features.
mentioned: list[Callable[[], QuerySet[Any]]] = []


def of_people(people: Collection[int], where_they_are: Collection[str]) -> list[Number]:
    """All that is unread to these people, and how they stand in the rooms where they are now."""
    unread_or_here = Q(room__said__gt=F("read_seq")) | Q(room__name__in=among(where_they_are))
    found = Member.objects.filter(unread_or_here, person__in=among(people))
    return _numbers(found[: ROOMS_MAX * len(people)])  # in no order: else SQLite walks through all rooms


def in_rooms(rooms: Collection[str], people: Collection[int]) -> list[Number]:
    """Of these people, as far as they belong to these rooms; also where nothing is unread."""
    return _numbers(Member.objects.filter(room__name__in=among(rooms), person__in=among(people)))


def _numbers(members: QuerySet[Member]) -> list[Number]:
    after = Message.objects.filter(room=OuterRef("room"), seq__gt=OuterRef("read_seq"), deleted_at=None)
    me = Concat(Value("user-"), Cast(OuterRef("person_id"), CharField()))
    others = after.exclude(author_id=me).order_by().values("seq")[:COUNTED_MAX]
    mentions: Any = CountOf(mentioned[0]().values("seq")[:COUNTED_MAX]) if mentioned else Value(0)
    rows = members.annotate(unread=CountOf(others), mentions=mentions)
    return [
        Number(
            person,
            room,
            0 if involvement == MUTED else unread,
            unread if involvement == EVERYTHING else mentions,
            read,
            revision,
        )
        for person, room, involvement, unread, mentions, read, revision in rows.values_list(
            "person", "room__name", "involvement", "unread", "mentions", "read_seq", "revision"
        )
    ]


@dataclass(frozen=True, slots=True)
class Mark:
    """`seq` is the last that was read. With the member's own revision it moves forward alone; a newer one sets it."""

    person: int
    room: str
    seq: int
    revision: int


def write(marks: Iterable[Mark]) -> None:
    """In one transaction; in one after the other would take half of SQLite's writer. Of no member: nothing."""
    values = [(each.revision, each.seq, each.seq, each.person, each.room, each.revision, each.revision, each.seq)
              for each in marks]  # fmt: skip
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.executemany(MARK, values)
