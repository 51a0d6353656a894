"""The lobby and every list of rooms hear where something happened, and nothing of rooms that one may not know of."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from django.test import override_settings

from accounts.models import User
from chat.models import CLOSED, DIRECT, OWNER, Member, Room
from chat.names import direct_name
from chat.tests.test_doors import sign_in
from chat.unread.tests.test_telling import headers, hears, session_of
from conftest import Open, Socket

pytestmark = pytest.mark.django_db(transaction=True)
JSON = {"accept": "application/json"}


async def live(opened: Open, path: str, **options: Any) -> Socket:
    """One that hears hints: a ping is answered once the line is live."""
    socket = await opened(path, **options)
    await socket.send(type="ping")
    await socket.receive_type("pong")
    return socket


async def hears_of(socket: Socket, room: str) -> dict[str, Any]:
    while True:
        event = await socket.receive_type("recent")
        for each in event["rooms"]:
            if each["room"] == room:
                return each


async def test_the_lobby_hears_what_was_said_last_and_that_it_was_deleted(opened: Open, web: httpx.AsyncClient) -> None:
    lobby, hall = await opened("/ws/chat/"), await opened("/ws/chat/hall/")
    hello = await lobby.receive()
    await lobby.send(type="ping")
    await lobby.receive_type("pong")
    assert (hello["type"], hello["room"], hello["seq"]) == ("hello", "", 0)
    await hall.say("hello,\n  **everybody**")
    heard = await hears_of(lobby, "hall")
    assert heard["last"]["text"] == "hello, everybody"
    assert (heard["kind"], heard["topic"], heard["at"][:2]) == ("public", "", "20")
    page = (await web.get("/chat/", headers={"HX-Request": "true"})).text
    assert page.lstrip().startswith("<ul")
    assert "hello, everybody" in page
    said = await web.post("/chat/hall/messages/", data={"message": "gone soon"}, headers={"accept": "application/json"})
    assert (await hears_of(lobby, "hall"))["last"]["text"] == "gone soon"
    await web.post(f"/chat/hall/messages/{said.json()['id']}/delete/")
    assert (await hears_of(lobby, "hall"))["last"] is None


async def test_a_page_hears_where_something_happened_but_for_its_own_room(opened: Open) -> None:
    hall, den = await live(opened, "/ws/chat/hall/"), await live(opened, "/ws/chat/den/")
    await hall.say("here")
    assert set(await hears_of(den, "hall")) == {"room", "at"}
    await den.say("there")
    event = await hall.receive_type("recent")
    assert [each["room"] for each in event["rooms"]] == ["den"]


async def test_whoever_comes_hears_where_something_happened_while_their_page_was_made(opened: Open) -> None:
    hall, den = await live(opened, "/ws/chat/hall/"), await live(opened, "/ws/chat/den/")
    await hall.say("all who are here have heard of it")
    await hears_of(den, "hall")
    late, member = await opened("/ws/chat/attic/"), headers(await session_of("ada"))
    assert set(await hears_of(late, "hall")) == {"room", "at"}
    vault = await Room.objects.acreate(name="vault", kind=CLOSED, active_at="2026-01-01T00:00Z")
    await Member.objects.acreate(room=vault, person=await User.objects.aget(username="ada"))
    inside = await live(opened, "/ws/chat/vault/", headers=member)
    await inside.say("between us")
    await hears_of(await opened("/ws/chat/den/", headers=member), "vault")


async def test_a_closed_and_a_direct_room_are_heard_of_by_their_members_alone(opened: Open) -> None:
    ada, bob = headers(await session_of("ada")), headers(await session_of("bob"))
    lobbies = [await opened("/ws/chat/", headers=each) for each in (ada, bob)]
    people = [member["you"]["id"] for member in [await each.receive() for each in lobbies]]
    for each in lobbies:
        await each.receive_type("unread")
    mine, *_ = ids = [int(id.removeprefix("user-")) for id in people]
    vault = await Room.objects.acreate(name="vault", kind=CLOSED, active_at="2026-01-01T00:00Z")
    await Member.objects.acreate(room=vault, person_id=mine)
    for room in ("vault", direct_name(ids)):
        socket = await opened(f"/ws/chat/{room}/", headers=ada)
        await socket.say("between us")
    assert (await hears_of(lobbies[0], "vault"))["last"]["text"] == "between us"
    seen = []
    while direct_name(ids) not in seen:
        seen += [each["room"] for each in (await lobbies[1].receive_type("recent"))["rooms"]]
    assert "vault" not in seen
    assert (await Room.objects.aget(name=direct_name(ids))).kind == DIRECT


async def test_what_is_unread_and_where_it_happened_come_in_one_frame(opened: Open) -> None:
    ada = headers(await session_of("ada"))
    hall = await opened("/ws/chat/hall/", headers=ada)
    await hall.say("I belong here")
    lobby, guest = await opened("/ws/chat/", headers=ada), await opened("/ws/chat/hall/")
    await lobby.receive_type("unread")
    await guest.say("one")
    while not isinstance(frame := await lobby.raw.receive_json_from(timeout=5), list):
        pass
    assert [event["type"] for event in frame] == ["unread", "recent"]
    lobby._events += frame
    await hears(lobby, "hall", unread=1)


async def test_a_room_that_was_made_or_has_another_topic_is_told(opened: Open) -> None:
    lobby, ada = await live(opened, "/ws/chat/"), headers(await session_of("ada"))
    hall = await opened("/ws/chat/hall/", headers=ada)
    me = (await hall.receive())["you"]["id"]
    room = await Room.objects.acreate(
        name="hall", owner_id=int(me.removeprefix("user-")), active_at="2026-01-01T00:00Z"
    )
    await Member.objects.acreate(room=room, person_id=room.owner_id, role="owner")
    await hall.send(type="message", message="/topic Tea", client_id="3b241101-e2bb-4255-8caf-4136c566a962")
    assert (await hall.receive_type("topic"))["topic"] == "Tea"
    heard = await hears_of(lobby, "hall")
    assert (heard["topic"], heard["last"]) == ("Tea", None)


async def test_where_a_room_is_closed_strangers_hear_that_it_is_gone_and_no_more_of_it(
    opened: Open, web: httpx.AsyncClient
) -> None:
    ada, bob = await session_of("ada"), headers(await session_of("bob"))
    hall = await room_of("ada", "hall")
    await Member.objects.acreate(room=hall, person=await User.objects.aget(username="bob"))
    guest, mallory = headers(""), headers(await session_of("mallory"))
    strangers = [await live(opened, path, headers=each) for path in ("/ws/chat/", "/ws/chat/den/")
                 for each in (guest, mallory)]  # fmt: skip
    lobby, inside = await live(opened, "/ws/chat/", headers=bob), await opened("/ws/chat/hall/", headers=headers(ada))
    await inside.say("hello")
    for each in (*strangers, lobby):
        await hears_of(each, "hall")
    sign_in(web, ada)
    assert (await web.post("/chat/hall/settings/", data={"kind": "closed"}, headers=JSON)).status_code == 200
    assert (await hears_of(lobby, "hall"))["kind"] == CLOSED
    for each in strangers:
        assert await each.receive_type("gone") == {"type": "gone", "rooms": ["hall"]}
    await inside.say("between us")
    assert (await hears_of(lobby, "hall"))["last"]["text"] == "between us"
    assert (await web.post("/chat/hall/settings/", data={"topic": "Tea"}, headers=JSON)).status_code == 200
    assert (await hears_of(lobby, "hall"))["topic"] == "Tea"
    attic = await live(opened, "/ws/chat/attic/")
    await attic.say("to all")
    for each in strangers:
        assert "hall" not in await told_until(each, "attic")


async def is_closed(room: Room) -> None:
    await Room.objects.filter(pk=room.pk).aupdate(kind=CLOSED)


async def is_deleted(room: Room) -> None:
    await room.adelete()


@pytest.mark.parametrize("end", [is_closed, is_deleted])
@override_settings(CHAT_POLL_SECONDS=0.05)
async def test_that_a_room_is_gone_is_found_where_no_word_told_it(opened: Open, end: Callable[[Room], Any]) -> None:
    hall, vault = await room_of("ada", "hall"), await room_of("ada", "vault")
    await is_closed(vault)
    lobby, den = await live(opened, "/ws/chat/"), await live(opened, "/ws/chat/den/")
    await den.say("one")
    await hears_of(lobby, "den")
    await end(hall)
    assert await lobby.receive_type("gone") == {"type": "gone", "rooms": ["hall"]}
    await end(vault)
    await den.say("two")
    assert "vault" not in await told_until(lobby, "den")


async def room_of(owner: str, name: str) -> Room:
    person = await User.objects.aget(username=owner) if await User.objects.filter(username=owner).aexists() else None
    room = await Room.objects.acreate(name=name, owner=person, active_at="2026-01-01T00:00Z")
    if person:
        await Member.objects.acreate(room=room, person=person, role=OWNER)
    return room


async def told_until(socket: Socket, room: str) -> str:
    """All that it is told until it hears of this room."""
    told = ""
    while f'"{room}"' not in told:
        told += await socket.raw.receive_from(timeout=5)
    return told


async def test_nothing_is_said_in_the_lobby(opened: Open) -> None:
    lobby, tutorial = await opened("/ws/chat/"), await opened("/ws/chat/", subprotocols=())
    await lobby.send(type="ping")
    await lobby.receive_type("pong")
    for _ in range(3):
        await lobby.send(type="message", message="hello", client_id="3b241101-e2bb-4255-8caf-4136c566a962")
        assert (await lobby.receive_type("error"))["code"] == "bad_frame"
    assert await lobby.close_code() == 4400
    await tutorial.send(message="hello")
    assert "error" in await tutorial.receive()
    assert not await Room.objects.aexists()
