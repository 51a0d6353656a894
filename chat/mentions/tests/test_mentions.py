"""Whom a message means, who hears of it, and what becomes of that when it changes."""

import pytest
from django.test import Client

from accounts.models import User
from accounts.sessions import Ticket
from chat import log
from chat.identity import Identity
from chat.members import acts
from chat.mentions.models import Mention
from chat.mentions.naming import MENTIONS_MAX, named
from chat.models import CLOSED, OPEN
from chat.reactions.verb import React
from chat.tests import posted
from chat.unread import numbers

pytestmark = pytest.mark.django_db


def account(name: str) -> Identity:
    user = User.objects.create_user(name)
    return Identity(f"user-{user.pk}", name, ticket=Ticket("", user.pk, ""))


@pytest.fixture
def ada() -> Identity:
    return account("Ada")


@pytest.fixture
def bob() -> Identity:
    return account("Bob")


def meant(text: str) -> list[str]:
    names = dict(User.objects.values_list("pk", "username"))
    return [names[person] for person in named(text)]


def mentions_of(id: int, room: str = "lobby") -> list[str]:
    frame = log.part_after(room, 0).frame
    assert frame
    return next(event.get("mentions", []) for event in frame.events if event["id"] == id)


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("@Ada", ["Ada"]),
        ("hello @ada, and @BOB!", ["Ada", "Bob"]),
        ("@Ada Lovelace wrote", ["Ada Lovelace"]),
        ("@Ada Love wrote", ["Ada"]),
        ("@Ada's", ["Ada"]),
        ("(@Ada)", ["Ada"]),
        ("你好@小明，吃饭吗", ["小明"]),
        ("@小明你好", ["小明"]),
        ("你好@Ada你好", ["Ada"]),
        ("@Ada @Ada", ["Ada"]),
        ("ada@example.org", []),
        ("@Adam", []),
        ("@ Ada", []),
        ("@nobody @", []),
        ("no sign", []),
    ],
)
def test_a_sign_takes_the_longest_name_that_fits(text: str, who: list[str]) -> None:
    for name in ("Ada", "Ada Lovelace", "Bob", "小明", "example"):
        account(name)
    assert meant(text) == who


def test_a_former_name_still_means_the_same_person(ada: Identity) -> None:
    user = User.objects.get()
    user.username = "Countess"
    user.save()
    assert meant("@Ada and @Countess") == ["Countess"]


def test_a_message_means_a_bounded_number_of_people() -> None:
    for number in range(MENTIONS_MAX + 5):
        account(f"person {number}")
    assert len(named(" ".join(f"@person {number}" for number in range(MENTIONS_MAX + 5)))) == MENTIONS_MAX
    assert named("@你" * 1300) == []


def test_who_is_mentioned_finds_it_counted_until_it_is_read(ada: Identity, bob: Identity) -> None:
    posted.say(author=bob, text="I belong here")
    posted.say(author=ada, text="@Bob, look")
    posted.say(author=ada, text="nothing for anybody")
    assert mentions_of(2) == [bob.id]
    assert bob.ticket
    (number,) = numbers.of_people([bob.ticket.user], [])
    assert (number.unread, number.mentions) == (2, 1)
    numbers.write([numbers.Mark(bob.ticket.user, "lobby", 2, 0)])
    (number,) = numbers.of_people([bob.ticket.user], [])
    assert (number.unread, number.mentions) == (1, 0)


def test_an_edit_means_whom_it_names_now_and_a_deletion_nobody(ada: Identity, bob: Identity) -> None:
    posted.say(author=ada, text="@Bob")
    posted.posted(React("lobby", bob, 1, "👍", True))
    assert mentions_of(1) == [bob.id]
    first = Mention.objects.get().pk
    posted.edit(author=ada, id=1, text="@Bob again, and @Ada")
    assert (Mention.objects.get().pk, mentions_of(1)) == (first, [bob.id, ada.id])
    posted.edit(author=ada, id=1, text="nobody")
    assert mentions_of(1) == []
    assert not Mention.objects.exists()
    posted.edit(author=ada, id=1, text="@Bob")
    posted.delete(author=ada, id=1)
    assert not Mention.objects.exists()


def test_in_a_closed_room_only_its_members_can_be_meant(ada: Identity, bob: Identity) -> None:
    grace = account("Grace")
    acts.make(by=ada, name="vault", kind=CLOSED, topic="")
    acts.add(by=ada, room="vault", name="bob")
    posted.say(author=ada, text="@Bob @Grace", room="vault")
    assert mentions_of(1, "vault") == [bob.id]
    assert grace.id not in mentions_of(1, "vault")


def test_everyone_in_a_room_is_meant_by_its_owner_alone(ada: Identity, bob: Identity) -> None:
    acts.make(by=ada, name="lobby", kind=OPEN, topic="")
    grace = account("Grace")
    for each in (bob, grace):
        acts.join(by=each, room="lobby")
    posted.say(author=bob, text="@room is not mine to call")
    assert mentions_of(1) == []
    posted.say(author=ada, text="你好@room，and @Bob")
    assert mentions_of(2) == ["room", bob.id]
    assert people_mentioned(2) == {"Bob", "Grace"}
    first = Mention.objects.order_by("pk").first()
    posted.edit(author=ada, id=2, text="@room and @Grace")
    assert Mention.objects.order_by("pk").first() == first
    posted.edit(author=ada, id=2, text="@roommate @Grace")
    assert people_mentioned(2) == {"Grace"}
    posted.edit(author=ada, id=2, text="@room")
    posted.delete(author=ada, id=2)
    assert not Mention.objects.exists()


def people_mentioned(id: int) -> set[str]:
    return set(Mention.objects.filter(seq=id).values_list("person__username", flat=True))


@pytest.mark.django_db(transaction=True)
def test_names_are_completed_from_the_members_of_a_room_that_one_may_read(ada: Identity, bob: Identity) -> None:
    client, owner = Client(), Client()
    for person, each in ((bob, client), (ada, owner)):
        assert person.ticket
        each.force_login(User.objects.get(pk=person.ticket.user))
    acts.make(by=ada, name="vault", kind=CLOSED, topic="")
    lovelace = account("Grace Adelaide")
    acts.add(by=ada, room="vault", name="Grace Adelaide")
    assert client.get("/chat/vault/people/").status_code == client.get("/chat/admin/people/").status_code == 404
    everybody = [{"id": ada.id, "name": "Ada"}, {"id": lovelace.id, "name": "Grace Adelaide"}]
    assert owner.get("/chat/vault/people/").json() == {"people": everybody, "everyone": "room", "is_all": True}
    assert owner.get("/chat/vault/people/", {"q": "ad"}).json()["people"] == everybody
    assert owner.get("/chat/vault/people/", {"q": "g"}).json()["people"] == everybody[1:]
    acts.add(by=ada, room="vault", name="Bob")
    assert client.get("/chat/vault/people/").json()["everyone"] is None


@pytest.mark.django_db(transaction=True)
def test_the_inbox_lists_what_one_may_read_and_nothing_else(ada: Identity, bob: Identity) -> None:
    client = Client()
    assert client.get("/inbox/").headers["location"].startswith("/accounts/login/")
    assert bob.ticket
    client.force_login(User.objects.get(pk=bob.ticket.user))
    acts.make(by=ada, name="vault", kind=CLOSED, topic="")
    acts.add(by=ada, room="vault", name="bob")
    posted.say(author=ada, text="@Bob in the vault", room="vault")
    posted.say(author=ada, text="@Bob in the lobby")
    posted.say(author=ada, text="not for anybody")
    content = client.get("/inbox/").content.decode()
    assert "in the vault" in content
    assert content.index("in the lobby") < content.index("in the vault")
    assert "not for anybody" not in content
    acts.remove(by=ada, room="vault", name="bob")
    assert "vault" not in client.get("/inbox/").content.decode()


@pytest.mark.django_db(transaction=True)
def test_one_says_what_one_wants_to_hear_of_a_room(ada: Identity, bob: Identity) -> None:
    client = Client()
    assert bob.ticket
    client.force_login(User.objects.get(pk=bob.ticket.user))
    path, json = "/chat/lobby/involvement/", {"accept": "application/json"}
    assert client.post(path, {"involvement": "muted"}, headers=json).status_code == 403
    posted.say(author=bob, text="I belong here")
    posted.say(author=ada, text="hello")
    for involvement, expected in (("everything", (1, 1)), ("mentions", (1, 0)), ("muted", (0, 0))):
        assert client.post(path, {"involvement": involvement}, headers=json).status_code == 200
        (number,) = numbers.of_people([bob.ticket.user], ["lobby"])
        assert (number.unread, number.mentions) == expected
    assert client.post(path, {"involvement": "louder"}, headers=json).status_code == 400
