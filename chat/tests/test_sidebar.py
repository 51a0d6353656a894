"""Which rooms stand in the sidebar: those to which one belongs come first, however many others are livelier."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from accounts.models import User
from accounts.sessions import Ticket
from chat import markup, pages
from chat.identity import Identity
from chat.models import CLOSED, DIRECT, OPEN, PUBLIC, Member, Room
from chat.names import direct_name

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)
GUEST = Identity("guest-1", "Guest")


def account(name: str) -> Identity:
    user = User.objects.create_user(name)
    return Identity(f"user-{user.pk}", name, ticket=Ticket("", user.pk, ""))


def room(name: str, minutes_ago: int, *members: Identity, kind: str = PUBLIC) -> Room:
    room = Room.objects.create(name=name, kind=kind, seq=1, active_at=NOW - timedelta(minutes=minutes_ago))
    Member.objects.bulk_create(Member(room=room, person_id=each.ticket.user) for each in members if each.ticket)
    return room


def names(you: Identity) -> list[str]:
    return [each.name for each in pages.listed(you)]


def mine(you: Identity) -> list[str]:
    return [each.name for each in pages.listed(you) if each.is_mine]


def test_ones_own_come_first_by_activity_then_others_as_far_as_there_is_place() -> None:
    ada = account("Ada")
    for number in range(60):
        room(f"lively-{number}", number)
    room("mine-old", 2000, ada)
    room("mine-closed", 1000, ada, kind=CLOSED)
    room("mine-open", 1500, ada, kind=OPEN)
    assert mine(ada) == ["mine-closed", "mine-open", "mine-old"]
    assert names(ada)[3:] == [f"lively-{number}" for number in range(47)]
    assert names(GUEST) == [f"lively-{number}" for number in range(50)]


def test_more_than_fifty_of_ones_own_leave_no_place_for_others() -> None:
    ada = account("Ada")
    for number in range(60):
        room(f"mine-{number}", 100 + number, ada)
    room("lively", 0)
    assert names(ada) == [f"mine-{number}" for number in range(50)]


def test_nothing_is_listed_that_one_may_not_know_of_and_direct_rooms_stand_elsewhere() -> None:
    ada, bob = account("Ada"), account("Bob")
    room("vault", 1, ada, kind=CLOSED)
    room("gallery", 2, kind=OPEN)
    assert ada.ticket
    assert bob.ticket
    room(direct_name([ada.ticket.user, bob.ticket.user]), 3, ada, bob, kind=DIRECT)
    assert (names(ada), names(bob), names(GUEST)) == (["vault", "gallery"], ["gallery"], ["gallery"])


def test_one_statement_is_enough_and_walks_through_no_rooms_of_others(django_assert_num_queries: Any) -> None:
    ada = account("Ada")
    room("mine", 1, ada)
    with django_assert_num_queries(1):
        pages.listed(ada)
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {pages.LISTED}", [1, 50, 50, 50])
            plan = [row[3] for row in cursor.fetchall()]
        assert [step for step in plan if step.startswith("SCAN chat_")] == []
        assert any(step.startswith("SEARCH chat_member") for step in plan)


@pytest.mark.django_db(transaction=True)
def test_a_direct_room_in_which_nobody_has_spoken_is_listed_with_the_direct_ones_while_one_is_there() -> None:
    ada, bob = account("Ada"), account("Bob")
    assert ada.ticket
    client = Client()
    client.force_login(User.objects.get(pk=ada.ticket.user))
    content = client.get(f"/chat/@{bob.name}/").content.decode()
    listed, direct = content.split('<ul class="rooms" role="list">')[1:]
    assert 'aria-current="page"' not in listed
    row = direct[direct.index('aria-current="page">') :]
    assert row.index(f'<span class="disc low {markup.disc(bob.id)}">B</span>') < row.index('<bdi class="cut">Bob</bdi>')
