"""How a batch takes its numbers: the rows of its rooms, locked until the commit, as if each of its verbs took one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from chat.direct import make_rooms
from chat.models import Room

ACTIVE_EVERY = timedelta(seconds=1)  # an index is on it

# For all rooms in one statement: the trip to a database and back costs more than the work there.
TAKE_NUMBERS = """
    WITH asked (room, most, last_said) AS (VALUES {})
    UPDATE chat_room SET said = CASE WHEN last_said > 0 THEN seq + last_said ELSE said END, seq = seq + most,
        active_at = CASE WHEN active_at < %s THEN %s ELSE active_at END
    FROM asked WHERE name = room RETURNING id, name, seq, kind, slow_seconds, access"""
GIVE_BACK = """
    UPDATE chat_room SET seq = %s, said = COALESCE((SELECT MAX(seq) FROM chat_message WHERE room_id = chat_room.id), 0)
    WHERE id = %s"""


class Numbered(Protocol):
    """A verb that may take a number; one that says something makes the room where there is none."""

    room: str

    @property
    def is_said(self) -> bool: ...


@dataclass(slots=True)
class Locked:
    """A room whose row is locked until the commit; in the database its counter is already `taken` further on."""

    room: Room
    before: int
    taken: int
    spoke: dict[int, int] = field(default_factory=dict)  # the accounts that say something, and the last number of each


Asked = tuple[int, int]  # for how many verbs, and the place among them of the last that says something, else 0


def take_numbers(verbs: Iterable[Numbered], now: datetime) -> dict[str, Locked]:
    """By room. None where there is no such room, and nothing is said in it."""
    asked: dict[str, Asked] = {}
    for verb in verbs:
        most, last_said = asked.get(verb.room, (0, 0))
        asked[verb.room] = most + 1, most + 1 if verb.is_said else last_said
    if len(asked) > 1 and database().features.has_select_for_update:  # in one order, else two processes deadlock
        list(Room.objects.select_for_update().filter(name__in=asked).order_by("name").values_list("pk"))
    locked = _take(asked, now)
    if new := {room: each for room, each in sorted(asked.items()) if room not in locked and each[1]}:
        make_rooms(new, now)
        locked |= _take(new, now)
    return locked


def _take(asked: Mapping[str, Asked], now: datetime) -> dict[str, Locked]:
    second_ago, at = map(database().ops.adapt_datetimefield_value, (now - ACTIVE_EVERY, now))
    values = [value for room, each in asked.items() for value in (room, *each)]
    with database().cursor() as cursor:
        cursor.execute(TAKE_NUMBERS.format(", ".join(["(%s, %s, %s)"] * len(asked))), [*values, second_ago, at])
        rows = cursor.fetchall()
    locked = {}
    for pk, name, seq, kind, slow_seconds, access in rows:
        taken, _ = asked[name]
        room = Room(id=pk, name=name, seq=seq - taken, kind=kind, slow_seconds=slow_seconds, access=access)
        locked[name] = Locked(room, room.seq, taken)
    return locked


def give_back(locked: Iterable[Locked]) -> None:
    """What was not taken after all, as a verb was refused."""
    with database().cursor() as cursor:
        for each in locked:
            if each.room.seq != each.before + each.taken:
                cursor.execute(GIVE_BACK, [each.room.seq, each.room.pk])


def database() -> BaseDatabaseWrapper:
    return connections[DEFAULT_DB_ALIAS]  # `django.db.connection` would look for it at each touch
