"""Who is let in at which door. A stranger to a closed room gets at each what the reserved name `admin` gives."""

from typing import Any
from uuid import uuid4

import httpx
import pytest
from channels.db import database_sync_to_async
from django.conf import settings
from django.test import Client

from accounts.models import User
from chat.identity import Identity
from chat.models import CLOSED, OPEN, Member, Message, Room
from chat.tests import posted
from conftest import HOST, ORIGIN, Open, Socket

SECRET = "the treasure is in the attic"
PATHS = ["", "history/", "history/?before=9", "events/", "events/?after=0", "poll/", "poll/?after=0&wait=0"]
FORMS = {
    "messages/": {"message": "hello"},
    "messages/1/": {"message": "changed"},
    "messages/1/delete/": {},
    "messages/1/reactions/": {"emoji": "👍", "on": "1"},
    "name/": {"name": "Stranger"},
}
FRAMES = [
    {"message": "hello", "client_id": str(uuid4())},
    {"type": "react", "id": 1, "emoji": "👍", "on": True},
    {"type": "typing"},
    {"message": "/name Stranger", "client_id": str(uuid4())},
]
ANSWERS = [{"accept": "text/html"}, {"accept": "application/json"}, {"accept": "text/html", "hx-request": "true"}]


@database_sync_to_async
def a_room(kind: str, ada: Identity) -> None:
    posted.say(author=ada, text=SECRET, room="vault")
    Room.objects.filter(name="vault").update(kind=kind)


@pytest.fixture
async def closed(opened: Open, ada: Identity) -> None:
    await a_room(CLOSED, ada)


@pytest.fixture
async def half_open(opened: Open, ada: Identity) -> None:
    await a_room(OPEN, ada)


@database_sync_to_async
def session_of(name: str, *, member_of: str = "") -> str:
    user = User.objects.create_user(name)
    if member_of:
        Member.objects.create(room=Room.objects.get(name=member_of), person=user)
    client = Client()
    client.force_login(user)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def sign_in(web: httpx.AsyncClient, session: str) -> None:
    web.cookies.set(settings.SESSION_COOKIE_NAME, session, domain="localhost.local")


def seen(answer: httpx.Response) -> tuple[int, dict[str, str], str]:
    """All of it but what names the request."""
    headers = {name: value for name, value in answer.headers.items() if name != "x-request-id"}
    return answer.status_code, headers, answer.text.replace("vault", "admin")


@pytest.mark.parametrize("path", PATHS)
async def test_a_stranger_sees_of_a_closed_room_what_there_is_of_admin(
    closed: None, web: httpx.AsyncClient, path: str
) -> None:
    vault, admin = await web.get(f"/chat/vault/{path}"), await web.get(f"/chat/admin/{path}")
    assert vault.status_code == 404
    assert seen(vault) == seen(admin)
    sign_in(web, await session_of("mallory"))
    assert seen(await web.get(f"/chat/vault/{path}")) == seen(await web.get(f"/chat/admin/{path}"))


@pytest.mark.parametrize("headers", ANSWERS, ids=["page", "json", "htmx"])
@pytest.mark.parametrize("path", FORMS)
async def test_a_strangers_forms_are_refused_by_a_closed_room_as_by_admin(
    closed: None, web: httpx.AsyncClient, path: str, headers: dict[str, str]
) -> None:
    vault, admin = [await web.post(f"/chat/{room}/{path}", data=FORMS[path], headers=headers)
                    for room in ("vault", "admin")]  # fmt: skip
    assert vault.status_code == 404
    assert seen(vault) == seen(admin)
    if "json" in headers["accept"]:
        assert (vault.json()["type"], vault.json()["reason"]) == ("error", "no_such_room")
    message = await Message.objects.aget()
    assert (message.text, message.parts) == (SECRET, "")


@pytest.mark.parametrize("frame", FRAMES, ids=lambda frame: frame.get("type") or frame["message"])
async def test_a_strangers_frames_are_refused_and_no_member_hears_of_them(
    closed: None, opened: Open, web: httpx.AsyncClient, frame: dict[str, Any]
) -> None:
    member = await socket(opened, await session_of("grace", member_of="vault"))
    assert (await member.receive_type("message"))["text"] == SECRET
    vault, admin = [await web.post(f"/chat/{room}/frames/", json=frame, headers={"accept": "application/json"})
                    for room in ("vault", "admin")]  # fmt: skip
    assert (vault.status_code, vault.json()["reason"]) == (404, "no_such_room")
    assert seen(vault) == seen(admin)
    assert await member.is_silent()


async def socket(opened: Open, session: str = "", room: str = "vault", **options: Any) -> Socket:
    cookie = [(b"cookie", f"{settings.SESSION_COOKIE_NAME}={session}".encode())] if session else []
    return await opened(f"/ws/chat/{room}/?after=0", headers=[ORIGIN, HOST, *cookie], **options)


@pytest.mark.parametrize("subprotocols", [("chat.v1",), ()], ids=["chat.v1", "tutorial"])
async def test_a_strangers_socket_is_closed_with_4404_in_the_same_words(
    closed: None, opened: Open, subprotocols: tuple[str, ...]
) -> None:
    mallory = await session_of("mallory")
    answers = []
    for room, session in (("vault", ""), ("vault", mallory), ("admin", "")):
        line = await socket(opened, session, room, subprotocols=subprotocols)
        answers.append((line.subprotocol, await line.receive(), await line.close_code()))
    assert answers[0] == answers[1] == answers[2]
    assert answers[0][2] == 4404


@pytest.mark.parametrize("path", PATHS)
async def test_an_open_room_asks_a_guest_to_sign_in(half_open: None, web: httpx.AsyncClient, path: str) -> None:
    answer = await web.get(f"/chat/vault/{path}")
    assert answer.status_code == 403
    assert SECRET not in answer.text
    if path.startswith(("events", "poll")):
        error = answer.json()
        assert (error["type"], error["code"], error["reason"]) == ("error", "forbidden", "not_signed_in")


async def test_a_guest_at_an_open_room_is_refused_with_4403_and_may_not_speak(
    half_open: None, opened: Open, web: httpx.AsyncClient
) -> None:
    line = await socket(opened)
    assert (await line.receive())["reason"] == "not_signed_in"
    assert await line.close_code() == 4403
    said = await web.post("/chat/vault/messages/", data={"message": "x"}, headers={"accept": "application/json"})
    assert (said.status_code, said.json()["reason"]) == (403, "not_signed_in")
    typing = await web.post("/chat/vault/frames/", json={"type": "typing"}, headers={"accept": "application/json"})
    assert (typing.status_code, typing.json()["reason"]) == (403, "not_signed_in")


@pytest.mark.parametrize(("kind", "member_of"), [(OPEN, ""), (CLOSED, "vault")])
async def test_an_account_gets_into_an_open_room_and_a_member_into_a_closed_one(
    opened: Open, ada: Identity, web: httpx.AsyncClient, kind: str, member_of: str
) -> None:
    await a_room(kind, ada)
    session = await session_of("grace", member_of=member_of)
    sign_in(web, session)
    for path in ("", "history/?before=9", "poll/?after=0&wait=0"):
        answer = await web.get(f"/chat/vault/{path}")
        assert (answer.status_code, SECRET in answer.text) == (200, True)
    line = await socket(opened, session)
    await line.receive_type("hello")
    assert (await line.receive())["text"] == SECRET
    said = await web.post("/chat/vault/messages/", data={"message": "hi"}, headers={"accept": "application/json"})
    assert said.status_code == 201
    assert (await line.receive_type("message"))["author"]["name"] == "grace"
    assert (await web.post("/chat/vault/frames/", json={"type": "typing"})).status_code == 204
    assert (await line.receive_type("typing"))["author"]["name"] == "grace"
