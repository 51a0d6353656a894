"""Links that lead into a closed room: who makes them, how often and how long they work, and what ends them."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from accounts.sessions import Ticket
from chat.identity import Identity
from chat.members import acts, invitations
from chat.members.models import RoomInvitation
from chat.models import CLOSED, Member
from chat.protocol import Refused

pytestmark = pytest.mark.django_db
pages = pytest.mark.django_db(transaction=True)  # they read in threads of their own


def account(name: str, **more: Any) -> Identity:
    user = User.objects.create_user(name, **more)
    return Identity(f"user-{user.pk}", name, ticket=Ticket("", user.pk, ""), is_staff=user.is_staff)


def page(person: Identity) -> Client:
    client = Client()
    assert person.ticket
    client.force_login(User.objects.get(pk=person.ticket.user))
    return client


@pytest.fixture
def ada() -> Identity:
    """She owns the vault."""
    ada = account("Ada")
    acts.make(by=ada, name="vault", kind=CLOSED, topic="Gold")
    return ada


def members() -> set[str]:
    return set(Member.objects.values_list("person__username", flat=True))


def test_a_link_makes_so_many_members_and_who_is_one_uses_nothing_up(ada: Identity) -> None:
    code = invitations.invite(by=ada, room="vault", uses=2)
    bob, grace, mallory = account("Bob"), account("Grace"), account("Mallory")
    for person in (ada, bob, bob, grace):
        assert invitations.come_in(by=person, code=code) == "vault"
    assert invitations.come_in(by=mallory, code=code) is None
    assert members() == {"Ada", "Bob", "Grace"}
    assert invitations.come_in(by=mallory, code="nonsense") is None
    with pytest.raises(Refused, match="Sign in"):
        invitations.come_in(by=Identity("guest-1", "Guest"), code=code)


def test_a_link_ends_with_its_time_when_it_is_taken_back_and_with_the_rights_of_its_maker(ada: Identity) -> None:
    grace, mallory = account("Grace"), account("Mallory")
    acts.add(by=ada, room="vault", name="Grace")
    acts.give_role(by=ada, room="vault", name="Grace", role="administrator")
    codes = [invitations.invite(by=by, room="vault") for by in (ada, ada, grace)]
    late, taken_back = RoomInvitation.objects.order_by("pk")[:2]
    RoomInvitation.objects.filter(pk=late.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    invitations.take_back(by=grace, room="vault", id=taken_back.pk)
    acts.give_role(by=ada, room="vault", name="Grace", role="member")
    assert [invitations.come_in(by=mallory, code=code) for code in codes] == [None, None, None]
    acts.give_role(by=ada, room="vault", name="Grace", role="administrator")
    assert invitations.come_in(by=mallory, code=codes[2]) == "vault"


def test_who_was_removed_does_not_come_back_by_a_link(ada: Identity) -> None:
    code = invitations.invite(by=ada, room="vault", uses=10)
    bob, grace = account("Bob"), account("Grace")
    for person in (bob, grace):
        invitations.come_in(by=person, code=code)
    acts.remove(by=grace, room="vault", name="Grace")
    assert invitations.come_in(by=grace, code=code) == "vault", "who left by themselves may come back"
    acts.remove(by=ada, room="vault", name="Bob")
    assert invitations.come_in(by=bob, code=code) is None


@pytest.mark.parametrize("fields", [{"uses": 0}, {"uses": 101}, {"days": 0}, {"days": 8}])
def test_a_link_has_bounds(ada: Identity, fields: dict[str, int]) -> None:
    with pytest.raises(Refused, match="uses: 1 to 100; days: 1 to 7"):
        invitations.invite(by=ada, room="vault", **fields)


def test_it_is_made_by_who_may_add_members(ada: Identity) -> None:
    bob, mallory = account("Bob"), account("Mallory")
    acts.add(by=ada, room="vault", name="Bob")
    for person, reason in ((bob, "not_allowed"), (mallory, "no_such_room")):
        with pytest.raises(Refused) as refused:
            invitations.invite(by=person, room="vault")
        assert refused.value.reason == reason


@pages
def test_the_page_makes_a_link_that_leads_into_the_room(ada: Identity) -> None:
    bob = account("Bob")
    made = page(ada).post("/chat/vault/invitations/", {"uses": "1", "days": "7"}).content.decode()
    path = "/invite/r." + made.split("/invite/r.")[1].split("<")[0]
    letter = Client().get(path).content.decode()
    assert all(words in letter for words in ("Ada", "vault", "Gold", f"/accounts/signup/?next={path}"))
    assert page(bob).post(path).headers["location"] == "/chat/vault/"
    assert page(account("Grace")).get(path).status_code == 404
    listed = page(ada).post("/chat/vault/invitations/", {"uses": "3"}, headers={"accept": "application/json"})
    assert (listed.status_code, "/invite/r." in listed.json()["link"]) == (201, True)
    assert "For 3 people" in page(ada).get("/chat/vault/invitations/").content.decode()
    page(ada).post(f"/chat/vault/invitations/{RoomInvitation.objects.latest('pk').pk}/delete/")
    assert not RoomInvitation.objects.usable().exists()


@pages
def test_a_stranger_gets_what_there_is_of_the_reserved_name(ada: Identity) -> None:
    mallory, bob = page(account("Mallory")), account("Bob")
    acts.add(by=ada, room="vault", name="Bob")
    for client in (mallory, Client()):
        for way in (client.get, client.post):
            answers = [way(f"/chat/{room}/invitations/") for room in ("vault", "admin")]
            assert [answer.status_code for answer in answers] == [404, 404]
            assert answers[0].content == answers[1].content
    assert page(bob).get("/chat/vault/invitations/").status_code == 404
    assert page(bob).post("/chat/vault/invitations/", headers={"accept": "application/json"}).status_code == 403
