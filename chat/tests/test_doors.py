"""Who is let in at which door. A stranger to a closed or direct room gets at each what the reserved `admin` gives."""

from itertools import product
from typing import Any, NamedTuple
from uuid import uuid4

import httpx
import pytest
from channels.db import database_sync_to_async
from django.apps import apps
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client

from accounts.models import User
from accounts.sessions import Ticket
from chat import limits
from chat.identity import Identity
from chat.models import CLOSED, DIRECT, OPEN, Member, Room
from chat.names import direct_name
from chat.tests import posted
from conftest import HOST, ORIGIN, Open, Socket

SECRET = "the treasure is in the attic"
PATHS = ["", "history/", "history/?before=9", "events/", "events/?after=0", "poll/", "poll/?after=0&wait=0"]
PAGES = ["?at=1", "messages/1/", "members/", "invitations/", "people/", "people/?q=g", "news/", "mutes/", "report/",
         "report/1/"]  # fmt: skip
FORMS: list[tuple[str, dict[str, str]]] = [
    ("messages/", {"message": "hello"}),
    ("messages/", {"message": "hello", "reply_to": "1"}),
    ("messages/1/", {"message": "changed"}),
    ("messages/1/delete/", {}),
    ("messages/1/reactions/", {"emoji": "👍", "on": "1"}),
    ("name/", {"name": "Stranger"}),
    ("settings/", {"topic": "mine", "kind": "public"}),
    ("members/", {"add": "mallory"}),
    ("members/", {"remove": "grace"}),
    ("members/", {"name": "grace", "role": "owner"}),
    ("invitations/", {"uses": "1", "days": "1"}),
    ("invitations/1/delete/", {}),
    ("join/", {}),
    ("leave/", {}),
    ("involvement/", {"involvement": "muted"}),
    ("report/1/", {"why": "rude"}),
]
FRAMES = [
    {"message": "hello", "client_id": str(uuid4())},
    {"type": "react", "id": 1, "emoji": "👍", "on": True},
    {"type": "typing"},
    {"message": "/name Stranger", "client_id": str(uuid4())},
]
ANSWERS: list[dict[str, str]] = [
    {"accept": "text/html"}, {"accept": "application/json"}, {"accept": "text/html", "hx-request": "true"},
]  # fmt: skip


@database_sync_to_async
def a_room(kind: str, ada: Identity) -> None:
    posted.say(author=ada, text=SECRET, room="vault")
    Room.objects.filter(name="vault").update(kind=kind)


class Hidden(NamedTuple):
    """A room that a stranger may not know of, and the session of Grace, who belongs to it."""

    room: str
    grace: str


@pytest.fixture(params=[CLOSED, DIRECT])
async def hidden(request: pytest.FixtureRequest, opened: Open, ada: Identity) -> Hidden:
    if request.param == DIRECT:
        return await a_direct_room()
    await a_room(CLOSED, ada)
    return Hidden("vault", await session_of("grace", member_of="vault"))


@database_sync_to_async
def a_direct_room() -> Hidden:
    """Of Grace and Heidi."""
    grace, heidi = [User.objects.create_user(name) for name in ("grace", "heidi")]
    name = direct_name([grace.pk, heidi.pk])
    posted.say(author=Identity(f"user-{heidi.pk}", "heidi", ticket=Ticket("", heidi.pk, "")), text=SECRET, room=name)
    return Hidden(name, _session(grace))


@pytest.fixture
async def half_open(opened: Open, ada: Identity) -> None:
    await a_room(OPEN, ada)


@database_sync_to_async
def session_of(name: str, *, member_of: str = "", is_staff: bool = False) -> str:
    user = User.objects.create_user(name, is_staff=is_staff)
    if member_of:
        Member.objects.create(room=Room.objects.get(name=member_of), person=user)
    return _session(user)


def _session(user: User) -> str:
    client = Client()
    client.force_login(user)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def sign_in(web: httpx.AsyncClient, session: str) -> None:
    web.cookies.set(settings.SESSION_COOKIE_NAME, session, domain="localhost.local")


def seen(answer: httpx.Response) -> tuple[int, dict[str, str], str]:
    """All of it but what names the request."""
    headers = {name: value for name, value in answer.headers.items() if name != "x-request-id"}
    return answer.status_code, headers, answer.text


@pytest.mark.parametrize("who", ["guest", "account"])
async def test_a_stranger_sees_of_a_hidden_room_what_there_is_of_admin(
    hidden: Hidden, web: httpx.AsyncClient, who: str
) -> None:
    if who == "account":
        sign_in(web, await session_of("mallory"))
    for path, headers in product([*PATHS, *PAGES], ANSWERS):
        there, admin = [await web.get(f"/chat/{room}/{path}", headers=headers) for room in (hidden.room, "admin")]
        assert there.status_code == 404, path
        assert seen(there) == seen(admin), path
    sign_in(web, hidden.grace)
    assert (await web.get(f"/chat/{hidden.room}/")).status_code == 200


@pytest.mark.parametrize("who", ["guest", "account"])
async def test_a_strangers_forms_are_refused_by_a_hidden_room_as_by_admin(
    hidden: Hidden, web: httpx.AsyncClient, who: str
) -> None:
    if who == "account":
        sign_in(web, await session_of("mallory"))
    before = await rows()
    for (path, fields), headers in product(FORMS, ANSWERS):
        limits._buckets.clear()
        there, admin = [await web.post(f"/chat/{room}/{path}", data=fields, headers=headers)
                        for room in (hidden.room, "admin")]  # fmt: skip
        assert there.status_code == 404, path
        assert seen(there) == seen(admin), path
        if "json" in headers["accept"]:
            assert (there.json()["type"], there.json()["reason"]) == ("error", "no_such_room"), path
    assert await rows() == before


@database_sync_to_async
def rows() -> dict[str, list[dict[str, Any]]]:
    """All that is stored, by table."""
    tables = [model for model in apps.get_models() if model is not Session and model._meta.label != "moderation.Seen"]
    return {model._meta.label: list(model._default_manager.order_by("pk").values()) for model in tables}


@pytest.mark.parametrize("frame", FRAMES, ids=lambda frame: frame.get("type") or frame["message"])
async def test_a_strangers_frames_are_refused_and_no_member_hears_of_them(
    hidden: Hidden, opened: Open, web: httpx.AsyncClient, frame: dict[str, Any]
) -> None:
    member = await socket(opened, hidden.grace, hidden.room)
    assert (await member.receive_type("message"))["text"] == SECRET
    there, admin = [await web.post(f"/chat/{room}/frames/", json=frame, headers={"accept": "application/json"})
                    for room in (hidden.room, "admin")]  # fmt: skip
    assert (there.status_code, there.json()["reason"]) == (404, "no_such_room")
    assert seen(there) == seen(admin)
    assert await member.is_silent()


async def socket(opened: Open, session: str = "", room: str = "vault", **options: Any) -> Socket:
    cookie = [(b"cookie", f"{settings.SESSION_COOKIE_NAME}={session}".encode())] if session else []
    return await opened(f"/ws/chat/{room}/?after=0", headers=[ORIGIN, HOST, *cookie], **options)


@pytest.mark.parametrize("subprotocols", [("chat.v1",), ()], ids=["chat.v1", "tutorial"])
async def test_a_strangers_socket_is_closed_with_4404_in_the_same_words(
    hidden: Hidden, opened: Open, subprotocols: tuple[str, ...]
) -> None:
    mallory = await session_of("mallory")
    answers = []
    for room, session in ((hidden.room, ""), (hidden.room, mallory), ("admin", "")):
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


@pytest.mark.parametrize(
    ("path", "after"),
    [("", "/chat/vault/"), ("?at=1", "/chat/vault/%3Fat%3D1"), ("history/?before=9", "/chat/vault/")],
)
async def test_the_way_to_sign_in_stands_there_and_leads_back_to_the_room(
    half_open: None, web: httpx.AsyncClient, path: str, after: str
) -> None:
    said = await web.post("/chat/vault/messages/", data={"message": "let me in"})
    for answer in (await web.get(f"/chat/vault/{path}"), said):
        assert answer.status_code == 403
        way = after if answer is not said else "/chat/vault/"
        assert f'<a class="button" href="/accounts/login/?next={way}">Sign in or make an account</a>' in answer.text


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
    frame = {"message": "by a frame", "client_id": str(uuid4())}
    assert (await web.post("/chat/vault/frames/", json=frame)).json()["type"] == "ack"
    assert (await line.receive_type("message"))["text"] == "by a frame"
