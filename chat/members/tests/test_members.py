"""Rooms of all kinds: who makes them, who belongs to them, and what each person may do there."""

import json
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from accounts.sessions import Ticket
from chat.identity import Identity
from chat.members import acts, blocks
from chat.models import CLOSED, DIRECT, MEMBER, OPEN, PUBLIC, Member, Message, Room
from chat.protocol import Refused
from chat.tests import posted

pytestmark = pytest.mark.django_db
pages = pytest.mark.django_db(transaction=True)  # they read in threads of their own
GUEST = Identity("guest-1", "Guest")


@pytest.fixture(autouse=True)
def fresh() -> None:
    blocks._blocked.cache_clear()


def account(name: str, **more: Any) -> Identity:
    user = User.objects.create_user(name, **more)
    return Identity(f"user-{user.pk}", name, ticket=Ticket("", user.pk, ""), is_staff=user.is_staff)


@pytest.fixture
def cast() -> dict[str, Identity]:
    """Ada owns the vault, Grace administers it, Bob is a member, Mallory a stranger, Sue is of the staff."""
    cast = {name: account(name, is_staff=name == "sue") for name in ("ada", "grace", "bob", "mallory", "sue")}
    acts.make(by=cast["ada"], name="vault", kind=CLOSED, topic="gold")
    for name in ("grace", "bob"):
        acts.add(by=cast["ada"], room="vault", name=name)
    acts.give_role(by=cast["ada"], room="vault", name="grace", role="administrator")
    return cast | {"guest": GUEST}


def user(name: str) -> User:
    return User.objects.get(username=name)


def page(person: Identity) -> Client:
    client = Client()
    if person.ticket:
        client.force_login(User.objects.get(pk=person.ticket.user))
    return client


def refused(function: Any, **fields: Any) -> str:
    """The reason, or nothing."""
    try:
        function(**fields)
    except Refused as refused:
        return refused.reason
    return ""


ACTS: dict[str, tuple[Any, dict[str, Any]]] = {
    "topic": (acts.set_up, {"kind": None, "topic": "silver", "slow_seconds": 5}),
    "remove": (acts.remove, {"name": "bob"}),
    "add": (acts.add, {"name": "newcomer"}),
    "promote": (acts.give_role, {"name": "bob", "role": "administrator"}),
    "close": (acts.set_up, {"kind": CLOSED, "topic": None, "slow_seconds": None}),
}
NOT, NO, IN = "not_allowed", "no_such_room", "not_signed_in"
MAY = {
    CLOSED: {
        "topic": {"ada": "", "grace": "", "bob": NOT, "mallory": NO, "sue": NO, "guest": IN},
        "remove": {"ada": "", "grace": "", "bob": "", "mallory": NO, "sue": NO, "guest": IN},
        "add": {"ada": "", "grace": "", "bob": NOT, "mallory": NO, "sue": NO, "guest": IN},
        "promote": {"ada": "", "grace": NOT, "bob": NOT, "mallory": NO, "sue": NO, "guest": IN},
    },
    DIRECT: {
        "topic": {"ada": NOT, "grace": NOT, "bob": NOT, "mallory": NO, "sue": NO, "guest": IN},
        "remove": {"ada": NOT, "grace": NOT, "bob": NOT, "mallory": NO, "sue": NO, "guest": IN},
        "add": {"ada": NOT, "grace": NOT, "bob": NOT, "mallory": NO, "sue": NO, "guest": IN},
        "promote": {"ada": NOT, "grace": NOT, "bob": NOT, "mallory": NO, "sue": NO, "guest": IN},
        "close": {"ada": NOT, "grace": NOT, "bob": NOT, "mallory": NO, "sue": NO, "guest": IN},
    },
    PUBLIC: {  # made by speaking
        "topic": {"ada": NOT, "grace": NOT, "bob": NOT, "mallory": NOT, "sue": "", "guest": IN},
        "remove": {"ada": NOT, "grace": NOT, "bob": "", "mallory": NOT, "sue": "", "guest": IN},
        "add": {"ada": NOT, "grace": NOT, "bob": NOT, "mallory": NOT, "sue": "", "guest": IN},
        "promote": {"ada": NOT, "grace": NOT, "bob": NOT, "mallory": NOT, "sue": "", "guest": IN},
        "close": {"ada": NOT, "grace": NOT, "bob": NOT, "mallory": NOT, "sue": "", "guest": IN},
    },
    OPEN: {
        "topic": {"ada": "", "grace": "", "bob": NOT, "mallory": NOT, "sue": "", "guest": IN},
        "add": {"ada": "", "grace": "", "bob": NOT, "mallory": NOT, "sue": "", "guest": IN},
        "remove": {"ada": "", "grace": "", "bob": "", "mallory": NOT, "sue": "", "guest": IN},
        "promote": {"ada": "", "grace": NOT, "bob": NOT, "mallory": NOT, "sue": "", "guest": IN},
        "close": {"ada": "", "grace": NOT, "bob": NOT, "mallory": NOT, "sue": "", "guest": IN},
    },
}


@pytest.mark.parametrize(
    ("kind", "act", "person"),
    [(kind, act, person) for kind, rows in MAY.items() for act, row in rows.items() for person in row],
)
def test_each_person_may_do_what_the_table_says(cast: dict[str, Identity], kind: str, act: str, person: str) -> None:
    account("newcomer")
    Room.objects.update(kind=kind)
    if kind in (PUBLIC, DIRECT):  # they have no owner
        Room.objects.update(owner=None)
        Member.objects.update(role=MEMBER)
    function, fields = ACTS[act]
    assert refused(function, by=cast[person], room="vault", **fields) == MAY[kind][act][person]


def test_a_room_is_made_once_by_an_account_who_is_its_owner(cast: dict[str, Identity]) -> None:
    room = acts.make(by=cast["bob"], name="Attic", kind=OPEN, topic=" dust \n and\x00 light ")
    assert (room.name, room.kind, room.topic, room.owner) == ("attic", OPEN, "dust and light", user("bob"))
    assert Member.objects.get(room=room).role == "owner"
    assert refused(acts.make, by=cast["ada"], name="attic", kind=PUBLIC, topic="") == "name_taken"
    assert refused(acts.make, by=GUEST, name="cellar", kind=PUBLIC, topic="") == "not_signed_in"
    posted.say(author=GUEST, text="first", room="hall")
    assert refused(acts.make, by=cast["ada"], name="hall", kind=CLOSED, topic="") == "name_taken"
    for name in ("admin", "a b", "", "~1.2", "@ada"):
        assert refused(acts.make, by=cast["ada"], name=name, kind=PUBLIC, topic="") == "bad_room_name"


def test_an_account_that_speaks_in_a_public_or_open_room_belongs_to_it_and_has_read_it(
    cast: dict[str, Identity], django_capture_on_commit_callbacks: Any
) -> None:
    posted.say(author=GUEST, text="hello", room="hall")
    posted.say(author=cast["mallory"], text="hello", room="hall")
    member = Member.objects.get(room__name="hall")
    assert (member.person_id, member.read_seq) == (cast["mallory"].ticket.user, 2)  # type: ignore[union-attr]
    posted.say(author=GUEST, text="hello", room="hall")
    posted.say(author=cast["mallory"], text="again", room="hall")
    assert Member.objects.get(room__name="hall").read_seq == 4


def test_who_left_is_no_member_until_they_speak_again(cast: dict[str, Identity]) -> None:
    posted.say(author=cast["bob"], text="hello", room="hall")
    acts.remove(by=cast["bob"], room="hall", name="bob")
    assert not Member.objects.filter(room__name="hall").exists()
    posted.say(author=cast["bob"], text="again", room="hall")
    assert Member.objects.filter(room__name="hall").exists()


def test_a_removed_member_cannot_write_any_more(cast: dict[str, Identity]) -> None:
    posted.say(author=cast["bob"], text="hello", room="vault")
    acts.remove(by=cast["grace"], room="vault", name="bob")
    with pytest.raises(Refused, match="no room"):
        posted.say(author=cast["bob"], text="again", room="vault")
    assert Message.objects.count() == 1


def test_nobody_removes_one_with_as_many_rights_and_the_owner_stays(cast: dict[str, Identity]) -> None:
    assert refused(acts.remove, by=cast["grace"], room="vault", name="ada") == "not_allowed"
    assert refused(acts.remove, by=cast["ada"], room="vault", name="ada") == "owner"
    acts.give_role(by=cast["ada"], room="vault", name="grace", role="owner")
    roles = dict(Member.objects.filter(room__name="vault").values_list("person__username", "role"))
    assert roles == {"ada": "administrator", "grace": "owner", "bob": "member"}
    assert Room.objects.get(name="vault").owner_id == cast["grace"].ticket.user  # type: ignore[union-attr]
    assert refused(acts.remove, by=cast["ada"], room="vault", name="ada") == ""


def test_a_room_only_becomes_more_closed(cast: dict[str, Identity]) -> None:
    nothing = {"topic": None, "slow_seconds": None}
    for kind in (PUBLIC, OPEN, DIRECT, "secret"):
        assert refused(acts.set_up, by=cast["ada"], room="vault", kind=kind, **nothing) == "more_open"


def test_everything_that_takes_a_right_away_raises_the_number_of_access_and_nothing_else_does(
    cast: dict[str, Identity],
) -> None:
    ada, same = cast["ada"], {"topic": None, "slow_seconds": None}
    before = Room.objects.get(name="vault").access
    acts.set_up(by=ada, room="vault", kind=CLOSED, topic="x", slow_seconds=1)
    acts.add(by=ada, room="vault", name="mallory")
    acts.give_role(by=ada, room="vault", name="mallory", role="administrator")
    assert Room.objects.get(name="vault").access == before
    assert acts.give_role(by=ada, room="vault", name="mallory", role="member") == before + 1
    assert acts.remove(by=ada, room="vault", name="mallory") == before + 2
    assert acts.remove(by=ada, room="vault", name="mallory") is None
    assert acts.give_role(by=ada, room="vault", name="bob", role="owner") == before + 3
    acts.make(by=ada, name="hall", kind=PUBLIC, topic="")
    assert acts.set_up(by=ada, room="hall", kind=OPEN, **same) == 1
    assert Room.objects.get(name="vault").access == before + 3


def test_the_owner_and_administrators_delete_what_others_said_there_and_nowhere_else(
    cast: dict[str, Identity],
) -> None:
    for room in ("vault", "hall"):
        posted.say(author=cast["bob"], text="rude", room=room)
    with pytest.raises(Refused):
        posted.delete(author=cast["grace"], id=1, room="hall")
    posted.delete(author=cast["grace"], id=1, room="vault")


@pages
def test_a_direct_room_is_made_by_its_first_message_and_is_for_its_people_alone(cast: dict[str, Identity]) -> None:
    ada, bob = cast["ada"].ticket, cast["bob"].ticket
    assert ada
    assert bob
    name = f"~{ada.user}.{bob.user}"
    assert page(cast["ada"]).get("/chat/@Bob/").context["room"] == name
    assert page(cast["bob"]).get(f"/chat/{name}/").status_code == 200
    assert not Room.objects.filter(name=name).exists()
    answer = page(cast["ada"]).post("/chat/@bob/messages/", {"message": "psst"}, headers={"accept": "application/json"})
    assert answer.status_code == 201
    room = Room.objects.get(name=name)
    assert (room.kind, room.members.count()) == (DIRECT, 2)
    assert b"psst" in page(cast["bob"]).get(f"/chat/{name}/history/").content
    for person in ("mallory", "sue", "guest"):
        assert page(cast[person]).get(f"/chat/{name}/").status_code == 404
        assert page(cast[person]).post(f"/chat/{name}/messages/", {"message": "me too"}).status_code == 404
        with pytest.raises(Refused):
            posted.say(author=cast[person], text="me too", room=name)


@pages
@pytest.mark.parametrize("name", ["@ada", "@nobody", "~1", "~2.1", "~1.1", "~0.1", "~1.2.3.4.5.6.7.8.9", "@", "~99.98"])
def test_an_address_that_leads_to_no_direct_room_of_ones_own_is_404(cast: dict[str, Identity], name: str) -> None:
    assert page(cast["ada"]).get(f"/chat/{name}/").status_code == 404


@pages
def test_new_rooms_and_direct_rooms_are_made_by_a_form(cast: dict[str, Identity]) -> None:
    client = page(cast["ada"])
    answer = client.post("/rooms/new/", {"name": "Attic", "kind": "closed", "topic": "dust"})
    assert answer.headers["location"] == "/chat/attic/"
    assert client.post("/rooms/new/", {"name": "vault", "kind": "public"}).status_code == 409
    answer = client.post("/rooms/new/", {"kind": "direct", "with": ["bob", "@grace"]})
    ids = sorted(cast[name].ticket.user for name in ("ada", "bob", "grace"))  # type: ignore[union-attr]
    assert answer.headers["location"] == f"/chat/~{'.'.join(map(str, ids))}/"
    for people in ([], ["ada"], ["nobody"]):
        assert client.post("/rooms/new/", {"kind": "direct", "with": people}).status_code in (400, 403)


@pages
def test_whom_one_blocked_cannot_write_in_the_room_of_the_two_until_it_is_taken_back(
    cast: dict[str, Identity],
) -> None:
    ada, bob = cast["ada"], cast["bob"]
    assert ada.ticket
    assert bob.ticket
    name = f"~{ada.ticket.user}.{bob.ticket.user}"
    posted.say(author=bob, text="hello", room=name)
    assert page(ada).post(f"/people/{bob.ticket.user}/block/", {"on": "1"}).status_code == 302
    with pytest.raises(Refused) as raised:
        posted.say(author=bob, text="hello?", room=name)
    assert raised.value.reason == "blocked"
    posted.say(author=ada, text="no", room=name)
    posted.say(author=bob, text="in a room of more", room="hall")
    page(ada).post(f"/people/{bob.ticket.user}/block/", {"on": "0"})
    posted.say(author=bob, text="thanks", room=name)
    assert page(GUEST).post(f"/people/{bob.ticket.user}/block/").status_code == 403
    assert page(ada).post(f"/people/{ada.ticket.user}/block/").status_code == 403


@pages
def test_the_members_of_an_open_room_lead_a_guest_to_sign_in_and_back(cast: dict[str, Identity]) -> None:
    acts.make(by=cast["ada"], name="hall", kind=OPEN, topic="")
    answer = page(GUEST).get("/chat/hall/members/")
    assert answer.status_code == 403
    assert b'href="/accounts/login/?next=/chat/hall/"' in answer.content


@pages
def test_forms_answer_programs_and_people(cast: dict[str, Identity]) -> None:
    json_please = {"accept": "application/json"}
    client = page(cast["ada"])
    assert client.post("/chat/vault/members/", {"remove": "bob"}, headers=json_please).status_code == 200
    assert client.post("/chat/vault/members/", {"add": "bob"}).status_code == 302
    assert client.post("/chat/vault/settings/", {"topic": "silver", "slow_seconds": "60"}).status_code == 302
    assert Room.objects.values_list("topic", "slow_seconds").get(name="vault") == ("silver", 60)
    answer = client.post("/chat/vault/settings/", {"slow_seconds": "-1"}, headers=json_please)
    assert (answer.status_code, json.loads(answer.content)["code"]) == (400, "bad_frame")
    assert b"silver" in client.get("/chat/vault/members/").content
    for person in ("mallory", "guest", "sue"):
        assert page(cast[person]).get("/chat/vault/members/").status_code == 404
        assert page(cast[person]).post("/chat/vault/members/", {"add": "mallory"}).status_code == 404
        assert page(cast[person]).post("/chat/vault/settings/", {"slow_seconds": "x"}).status_code == 404
    assert page(cast["mallory"]).post("/chat/vault/join/").status_code == 404
    assert page(cast["bob"]).post("/chat/vault/leave/").headers["location"] == "/chat/"
    assert not Member.objects.filter(room__name="vault", person__username="bob").exists()


@pages
def test_lists_show_closed_rooms_to_their_members_alone(cast: dict[str, Identity]) -> None:
    acts.make(by=cast["ada"], name="gallery", kind=OPEN, topic="")
    for person, shown in (("bob", True), ("mallory", False), ("guest", False), ("sue", False)):
        content = (
            page(cast[person]).get("/chat/").content.decode() + page(cast[person]).get("/chat/hall/").content.decode()
        )
        assert ("vault" in content) is shown
        assert "gallery" in content
