"""Unread numbers are derived: whatever is said, edited, deleted and read, they are what a slow recount gives.

`UNREAD_CHANGES=10000 python -m pytest chat/unread/tests/test_numbers.py` tries so many changes; after
`python -m e2e.services` in place of `python -m pytest` on PostgreSQL.
"""

import os
import random
import sqlite3
from collections.abc import Iterator

import pytest
from django.db import connection

import chat.features  # noqa: F401 - plugs in what is done when somebody speaks
from accounts.models import User
from accounts.sessions import Ticket
from chat import log, rights
from chat.identity import Identity
from chat.models import Member, Message, Room
from chat.reactions.verb import React
from chat.tests import posted
from chat.unread import news, numbers
from chat.unread.numbers import COUNTED_MAX, Mark

pytestmark = pytest.mark.django_db
ROOMS = ["lobby", "hall", "attic"]
PARAMETERS = 32_766  # that a query may have where SQLite was not compiled for more
MANY = PARAMETERS + 1
CHANGES = int(os.environ.get("UNREAD_CHANGES", "300"))  # for each seed
COMPARED = 80  # times
Markers = dict[tuple[str, str], tuple[int, int]]  # of an identity in a room: the revision, and what is read


def account(name: str) -> Identity:
    user = User.objects.create_user(name)
    return Identity(f"user-{user.pk}", name, ticket=Ticket("", user.pk, ""))


def person(you: Identity) -> int:
    assert you.ticket
    return you.ticket.user


def recounted(you: Identity, markers: Markers) -> dict[str, int]:
    """One message after the other."""
    counts = {}
    for (person, room), (_, read) in markers.items():
        if person == you.id:
            messages = Message.objects.filter(room__name=room)
            unread = [m for m in messages if m.seq > read and not m.deleted_at and m.author_id != you.id]
            counts[room] = min(len(unread), COUNTED_MAX)
    return counts


def counted(you: Identity) -> dict[str, int]:
    return {each.room: each.unread for each in numbers.of_people([person(you)], ROOMS)}


@pytest.mark.parametrize("seed", range(2))
def test_numbers_are_those_of_a_slow_recount_after_any_operations(seed: int) -> None:
    chance = random.Random(seed)
    people = [account(name) for name in ("ada", "bob", "grace")]
    markers: Markers = {}
    for n in range(1, CHANGES + 1):
        you, room = chance.choice(people), chance.choice(ROOMS)
        head = Room.objects.filter(name=room).values_list("seq", flat=True).first() or 0
        mine = Message.objects.filter(room__name=room, author_id=you.id, deleted_at=None).values_list("seq", flat=True)
        revision, read = markers.get((you.id, room), (0, 0))
        marked = None
        match chance.choice(["say", "say", "say", "edit", "delete", "react", "read", "late read", "unread"]):
            case "say":
                posted.say(author=you, text=f"words {n}", room=room)
                markers[you.id, room] = revision, head + 1
            case "edit" if mine:
                posted.edit(author=you, id=chance.choice(list(mine)), text=f"other words {n}", room=room)
            case "delete" if mine:
                posted.delete(author=you, id=chance.choice(list(mine)), room=room)
            case "react" if mine:
                posted.posted(React(room, you, chance.choice(list(mine)), "👍", True))
            case "read":
                marked = revision, head + 5
            case "late read":
                marked = chance.randint(0, revision), chance.randint(0, head)
            case "unread":
                marked = revision + 1, chance.randint(0, head)
        if marked:
            numbers.write([Mark(person(you), room, marked[1], marked[0])])
            if (you.id, room) in markers:
                markers[you.id, room] = max((revision, read), (marked[0], min(marked[1], head)))
        if n % max(60, CHANGES // COMPARED) == 0 or n == CHANGES:
            for each in people:
                assert counted(each) == recounted(each, markers)


def test_a_late_read_of_another_device_does_not_undo_mark_unread() -> None:
    ada, bob = account("ada"), account("bob")
    for n in range(5):
        posted.say(author=bob, text=str(n))
    posted.say(author=ada, text="hello")
    numbers.write([Mark(person(ada), "lobby", 2, 1)])
    numbers.write([Mark(person(ada), "lobby", 6, 0)])
    assert counted(ada) == {"lobby": 3}
    numbers.write([Mark(person(ada), "lobby", 4, 1), Mark(person(ada), "lobby", 3, 1)])
    assert counted(ada) == {"lobby": 1}


def test_a_marker_never_stands_beyond_the_end_and_nobody_marks_where_they_are_no_member() -> None:
    ada, bob = account("ada"), account("bob")
    posted.say(author=ada, text="hello")
    far, none = Mark(person(ada), "lobby", 10**17, 0), Mark(person(bob), "lobby", 1, 0)
    numbers.write([far, none, Mark(person(bob), "nowhere", 1, 0)])
    assert Member.objects.values_list("person", "read_seq").get() == (person(ada), 1)


def test_edits_reactions_and_ones_own_messages_make_nothing_unread_and_a_muted_room_counts_nothing() -> None:
    ada, bob = account("ada"), account("bob")
    posted.say(author=bob, text="hello")
    posted.say(author=ada, text="hello")
    numbers.write([Mark(person(bob), "lobby", 2, 0)])
    posted.edit(author=ada, id=2, text="hello!")
    posted.posted(React("lobby", ada, 2, "👍", True))
    posted.say(author=bob, text="again")
    assert counted(bob) == {"lobby": 0}
    posted.say(author=ada, text="again")
    assert counted(bob) == {"lobby": 1}
    Member.objects.filter(person=person(bob)).update(involvement="muted")
    assert counted(bob) == {"lobby": 0}


@pytest.fixture
def few_parameters(db: None) -> Iterator[None]:
    if connection.vendor != "sqlite":
        yield
        return
    connection.ensure_connection()
    before = connection.connection.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, PARAMETERS)
    yield
    connection.connection.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, before)


def test_any_number_of_people_may_be_connected_and_any_number_of_rooms_may_change(few_parameters: None) -> None:
    ada = account("ada")
    posted.say(author=ada, text="hello")
    everybody, rooms = range(1, MANY + 1), [*map(str, range(MANY)), "lobby"]
    assert [each.person for each in numbers.in_rooms(rooms, everybody)] == [person(ada)]
    assert [each.person for each in numbers.of_people(everybody, rooms)] == [person(ada)]
    assert [each.person for each in numbers.of_people(everybody, [])] == []
    assert [each.name for each in news.active(rooms)] == ["lobby"]
    assert log.heads(rooms)["lobby"].seq == 1
    assert rights.rights("lobby", [Identity("", "", ticket=Ticket("", each, "")) for each in everybody]).members == {
        person(ada)
    }


def test_more_than_can_be_shown_is_not_counted() -> None:
    ada, bob = account("ada"), account("bob")
    posted.say(author=bob, text="hello")
    for n in range(COUNTED_MAX + 5):
        posted.say(author=ada, text=str(n))
    assert counted(bob) == {"lobby": COUNTED_MAX}
