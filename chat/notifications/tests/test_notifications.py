"""What a notification shows is what one may read, has not read and is meant for; where one is active there is none."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from accounts.sessions import Ticket
from chat.identity import Identity
from chat.members import acts
from chat.models import CLOSED, Member
from chat.names import direct_name
from chat.tests import posted
from chat.unread import numbers
from chat.unread.tests.test_telling import headers, session_of
from conftest import Open

pytestmark = pytest.mark.django_db(transaction=True)


def account(name: str) -> tuple[Identity, Client]:
    user, client = User.objects.create_user(name), Client()
    client.force_login(user)
    return Identity(f"user-{user.pk}", name, ticket=Ticket("", user.pk, "")), client


def news(client: Client, room: str) -> dict[str, Any] | int:
    answer = client.get(f"/chat/{room}/news/")
    return dict(answer.json()) if answer.status_code == 200 else answer.status_code


def test_it_is_the_newest_unread_message_that_means_me() -> None:
    (ada, _), (bob, client) = account("Ada"), account("Bob")
    assert bob.ticket
    posted.say(author=bob, text="I belong here", room="hall")
    for text in ("@Bob, one", "@Bob,\n**two**", "nothing for Bob"):
        posted.say(author=ada, text=text, room="hall")
    expected = {"id": 3, "author": "Ada", "text": "@Bob, two", "title": "hall", "is_direct": False}
    assert news(client, "hall") == expected
    posted.delete(author=ada, id=3, room="hall")
    assert news(client, "hall") == expected | {"id": 2, "text": "@Bob, one"}
    Member.objects.filter(person=bob.ticket.user).update(involvement="muted")
    assert news(client, "hall") == 204
    Member.objects.filter(person=bob.ticket.user).update(involvement="everything")
    assert news(client, "hall") == expected | {"id": 4, "text": "nothing for Bob"}
    numbers.write([numbers.Mark(bob.ticket.user, "hall", 4, 0)])
    assert news(client, "hall") == news(Client(), "hall") == 204


def test_of_a_direct_room_it_is_everything_and_of_a_closed_one_nothing_after_a_removal() -> None:
    (ada, _), (bob, client), (_, stranger) = account("Ada"), account("Bob"), account("Grace")
    assert ada.ticket
    assert bob.ticket
    room = direct_name([ada.ticket.user, bob.ticket.user])
    posted.say(author=ada, text="psst", room=room)
    assert news(client, room) == {"id": 1, "author": "Ada", "text": "psst", "title": "Ada", "is_direct": True}
    assert news(stranger, room) == news(stranger, "admin") == 404
    acts.make(by=ada, name="vault", kind=CLOSED, topic="")
    acts.add(by=ada, room="vault", name="Bob")
    posted.say(author=ada, text="@Bob", room="vault")
    assert news(client, "vault") != 204
    acts.remove(by=ada, room="vault", name="Bob")
    assert news(client, "vault") == 404


async def test_a_page_where_one_is_active_says_so_to_the_others_of_this_person_alone(opened: Open) -> None:
    ada, bob = headers(await session_of("ada")), headers(await session_of("bob"))
    here, there, other = [
        await opened(f"/ws/chat/{room}/", headers=each) for room, each in (("hall", ada), ("den", ada), ("hall", bob))
    ]
    for each in (here, there, other):
        await each.receive_type("presence")
    await here.send(type="here")
    assert await there.receive_type("here") == {"type": "here", "room": "hall"}
    await other.say("still here")
    assert await other.is_silent()
