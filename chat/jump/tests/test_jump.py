"""What one finds by a part of a name, and what one must not."""

import pytest
from django.test import Client

from accounts.models import User
from accounts.sessions import Ticket
from chat.identity import Identity
from chat.members import acts
from chat.models import CLOSED, OPEN
from chat.tests import posted

pytestmark = pytest.mark.django_db(transaction=True)


def account(name: str) -> tuple[Identity, Client]:
    user, client = User.objects.create_user(name), Client()
    client.force_login(user)
    return Identity(f"user-{user.pk}", name, ticket=Ticket("", user.pk, "")), client


def rooms(client: Client, typed: str) -> list[str]:
    return [each["room"] for each in client.get("/rooms/find/", {"q": typed}).json()["rooms"]]


def people(client: Client, typed: str) -> list[str]:
    return [each["name"] for each in client.get("/rooms/find/", {"q": typed}).json()["people"]]


def test_a_room_is_found_by_any_part_of_its_name_and_the_beginning_counts_most() -> None:
    ada, client = account("Ada")
    acts.make(by=ada, name="tea-room", kind=OPEN, topic="With better tea")
    posted.say(author=ada, text="hello", room="room-of-tea")
    posted.say(author=ada, text="hello", room="学习")
    assert rooms(client, " Tea ") == ["tea-room", "room-of-tea"]
    assert rooms(client, "ROOM of") == ["room-of-tea"]
    assert rooms(client, "习") == ["学习"]
    assert client.get("/rooms/find/", {"q": "tea-r"}).json()["rooms"] == [
        {"room": "tea-room", "topic": "With better tea"}
    ]
    assert rooms(client, "") == rooms(client, "%") == []


def test_a_closed_room_is_found_by_its_members_alone() -> None:
    (ada, owner), (_, stranger) = account("Ada"), account("Bob")
    acts.make(by=ada, name="vault", kind=CLOSED, topic="Gold")
    assert rooms(owner, "vau") == ["vault"]
    assert rooms(stranger, "vau") == rooms(Client(), "vau") == []


def test_people_are_found_who_belong_to_a_room_that_one_may_read() -> None:
    (ada, owner), (_, other) = account("Ada Lovelace"), account("Bob")
    account("Adam of nowhere")
    acts.make(by=ada, name="vault", kind=CLOSED, topic="")
    assert people(other, "ad") == people(owner, "bo") == []
    posted.say(author=ada, text="hello", room="lobby")
    assert people(other, "ad") == people(other, "love") == ["Ada Lovelace"]
    assert people(owner, "ad") == people(Client(), "ad") == []
    acts.add(by=ada, room="vault", name="Bob")
    assert people(owner, "bo") == ["Bob"]
