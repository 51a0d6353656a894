"""The owner and the administrators of a room mute there, and nowhere else; all else there is the staff's."""

from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client

from accounts.models import Guest, User
from accounts.sessions import Ticket
from chat.identity import Identity, new_guest, stranger
from chat.members import acts as members
from chat.models import CLOSED, OPEN, Room
from chat.moderation.models import Mute, Record
from chat.moderation.urls import ACTS
from chat.protocol import Refused
from chat.tests import posted

pytestmark = pytest.mark.django_db(transaction=True)
JSON = {"accept": "application/json"}


class Person:
    def __init__(self, name: str, **more: Any) -> None:
        user, self.client = User.objects.create_user(name, **more), Client()
        self.client.force_login(user)
        self.you = Identity(f"user-{user.pk}", name, ticket=Ticket("", user.pk, ""), is_staff=user.is_staff)

    def mutes(self, whom: str, room: str = "tea", act: str = "mute") -> int | str:
        answer = self.client.post(f"/moderation/{act}/", {"room": room, "whom": whom, "hours": "1"}, headers=JSON)
        return answer.status_code if answer.status_code in (200, 404) else str(answer.json()["reason"])


@pytest.fixture
def cast() -> dict[str, Person]:
    """Ada owns the room for tea, Grace and Gail administer it, Bob is a member, Sue is of the staff."""
    cast = {name: Person(name, is_staff=name == "sue") for name in ("ada", "grace", "gail", "bob", "sue")}
    members.make(by=cast["ada"].you, name="tea", kind=OPEN, topic="")
    for name in ("grace", "gail", "bob"):
        members.join(by=cast[name].you, room="tea")
        if name != "bob":
            members.give_role(by=cast["ada"].you, room="tea", name=name, role="administrator")
    return cast


def test_who_may_mute_whom(cast: dict[str, Person]) -> None:
    ids = {name: person.you.id for name, person in cast.items()} | {"guest": "guest-0123456789abcdef"}
    no = "not_allowed"
    expected: dict[str, dict[str, int | str]] = {
        "ada": {"grace": 200, "bob": 200, "guest": 200, "ada": no, "sue": "is_staff"},
        "grace": {"ada": no, "gail": no, "grace": no, "bob": 200, "guest": 200, "sue": "is_staff"},
        "bob": {"ada": 404, "grace": 404, "guest": 404},
        "sue": {"ada": 200, "grace": 200, "guest": 200},
    }
    for name, targets in expected.items():
        assert {whom: cast[name].mutes(ids[whom]) for whom in targets} == targets, name
    access = Room.objects.get(name="tea").access
    assert cast["grace"].mutes(ids["ada"]) == no
    assert Room.objects.get(name="tea").access == access, "what was refused changes nothing"


def test_a_mute_holds_and_is_lifted_on_a_page_of_the_room(cast: dict[str, Person]) -> None:
    ada, bob = cast["ada"], cast["bob"]
    posted.say(author=bob.you, text="hello", room="tea")
    answer = ada.client.post("/moderation/mute/", {"room": "tea", "whom": bob.you.id, "hours": "1", "why": "loud"})
    assert answer.headers["location"] == "/chat/tea/mutes/"
    with pytest.raises(Refused, match="muted"):
        posted.say(author=bob.you, text="hello", room="tea")
    assert "bob" in ada.client.get("/chat/tea/mutes/").content.decode()
    assert bob.mutes(bob.you.id, act="unmute") == 404
    assert cast["grace"].mutes(bob.you.id, act="unmute") == 200
    posted.say(author=bob.you, text="hello", room="tea")
    assert list(Record.objects.values_list("act", "by_name", "whom_name", "why")) == [
        ("mute", "ada", "bob", "loud"),
        ("unmute", "grace", "bob", ""),
    ]


def test_slow_mode_is_recorded_whoever_sets_it(cast: dict[str, Person]) -> None:
    def sets(name: str, seconds: int) -> None:
        form = {"kind": OPEN, "topic": "", "slow_seconds": str(seconds)}
        assert cast[name].client.post("/chat/tea/settings/", form, headers=JSON).status_code == 200

    sets("ada", 0)
    assert not Record.objects.exists(), "nothing is done by saving the form as it was"
    sets("ada", 30)
    sets("grace", 30)
    sets("grace", 60)
    cast["sue"].client.post("/moderation/slow/", {"room": "tea", "seconds": "0", "why": "calm"}, headers=JSON)
    assert cast["bob"].client.post("/chat/tea/settings/", {"slow_seconds": "5"}, headers=JSON).status_code == 403
    assert list(Record.objects.order_by("pk").values_list("act", "by_name", "room", "detail", "why")) == [
        ("slow", "ada", "tea", "30 s", ""),
        ("slow", "grace", "tea", "60 s", ""),
        ("slow", "sue", "tea", "0 s", "calm"),
    ]


def test_a_record_names_a_guest_as_the_room_saw_them(cast: dict[str, Person]) -> None:
    tess, passing = new_guest(UUID("0123456789abcdef" * 2)), replace(stranger(), name="Passing")
    named, renamed = (Guest.objects.create(id=uuid4(), name=name) for name in ("Ida", "Eve"))
    ida, eve = new_guest(named.pk), new_guest(renamed.pk)
    User.objects.create_user("Eve")
    posted.say(author=passing, text="hello", room="lobby")
    for guest in (tess, passing, ida, eve):
        cast["sue"].mutes(guest.id)
    cast["sue"].client.post("/moderation/ban/", {"whom": ida.id}, headers=JSON)
    cast["sue"].client.post("/moderation/ban/", {"whom": "192.0.2.7"}, headers=JSON)
    names = list(Record.objects.order_by("pk").values_list("whom_name", flat=True))
    assert names == ["Anonymous-0123", "Passing", "Ida", eve.name, "Ida", ""]
    assert eve.name.startswith("Anonymous-")


def test_what_is_not_of_their_room_is_not_there_for_them(cast: dict[str, Person]) -> None:
    ada, bob = cast["ada"], cast["bob"]
    members.make(by=cast["bob"].you, name="vault", kind=CLOSED, topic="")
    posted.say(author=bob.you, text="hello", room="lobby")
    for room in ("vault", "lobby", "nowhere", "admin", ""):
        assert ada.mutes(bob.you.id, room=room) == 404
        assert ada.client.get("/moderation/ask/mute/", {"room": room, "whom": bob.you.id}).status_code == 404
    for act in set(ACTS) - {"mute", "unmute"}:
        fields = {"room": "tea", "whom": bob.you.id, "id": "1", "seconds": "5"}
        assert ada.client.post(f"/moderation/{act}/", fields).status_code == 404
    assert ada.client.get("/moderation/").status_code == 404
    assert ada.client.get("/moderation/ask/ban/", {"room": "tea", "whom": bob.you.id}).status_code == 404
    asked = ada.client.get("/moderation/ask/mute/", {"room": "tea", "whom": bob.you.id, "name": "bob"})
    assert "Mute bob in this room" in asked.content.decode()
    for client in (bob.client, Client()):
        assert client.get("/chat/tea/mutes/").status_code == 404
    assert not Mute.objects.exists()


def test_the_menu_offers_each_what_they_may_do(cast: dict[str, Person]) -> None:
    def offered(person: Person) -> list[str]:
        page = person.client.get("/chat/tea/").content.decode()
        return [words for words in ("Mute here…", "Ban…", "Delete all they said…") if words in page]

    assert offered(cast["sue"]) == ["Mute here…", "Ban…", "Delete all they said…"]
    assert offered(cast["ada"]) == offered(cast["grace"]) == ["Mute here…"]
    assert offered(cast["bob"]) == []


def test_who_reports_sees_a_line_and_the_staff_the_message_as_it_is_read(cast: dict[str, Person]) -> None:
    posted.say(author=cast["bob"].you, room="tea", text="free\n\n[**followers**](https://example.com/)")
    ada, sue = cast["ada"].client, cast["sue"].client
    for path in ("/chat/tea/report/", "/chat/tea/report/1/"):
        assert '<span dir="auto">free followers</span>' in ada.get(path).content.decode()
    assert ada.post("/chat/tea/report/1/", {"kind": "advertisement"}).status_code == 200
    page = sue.get("/moderation/").content.decode()
    assert "<strong>followers</strong></a>" in page
    assert 'href="https://example.com/"' in page, "where it leads is a reason to delete it"
