"""A session, `login` and `logout` from a consumer."""

import pytest
from channels.testing import WebsocketCommunicator
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.utils import timezone

from accounts.models import User
from conftest import HOST, ORIGIN
from learn import sessions
from learn.models import Visitor, VisitorSession
from mysite.asgi import application

BACKEND = settings.AUTHENTICATION_BACKENDS[0]

pytestmark = pytest.mark.django_db(transaction=True)


async def visit(cookie: bytes = b"") -> tuple[WebsocketCommunicator, bytes, str]:
    """The socket, the cookie that the handshake set, and the greeting."""
    socket = WebsocketCommunicator(application, "/ws/learn/sessions/", [ORIGIN, HOST, (b"cookie", cookie)])
    await socket.send_input({"type": "websocket.connect"})
    accepted = await socket.receive_output(timeout=5)
    set_cookie = dict(accepted["headers"])[b"set-cookie"].split(b";")[0]
    return socket, set_cookie, await socket.receive_from()


async def told(socket: WebsocketCommunicator, text: str) -> str:
    await socket.send_to(text_data=text)
    return await socket.receive_from(timeout=5)


async def test_what_is_saved_is_there_at_the_next_visit() -> None:
    _, cookie, greeting = await visit()
    assert greeting == "visit 1, user AnonymousUser"
    _, again, greeting = await visit(cookie)
    assert (again, greeting) == (cookie, "visit 2, user AnonymousUser")


async def test_login_and_logout_change_the_user_of_this_connection() -> None:
    socket, _, _ = await visit()
    assert await told(socket, "login") == "user classroom-visitor"
    assert await told(socket, "logout") == "user AnonymousUser"


async def test_a_login_changes_the_key_which_the_browser_does_not_learn() -> None:
    socket, cookie, _ = await visit()
    await told(socket, "login")
    assert (await visit(cookie))[2] == "visit 1, user AnonymousUser"


async def test_nobody_can_sign_in_to_the_product_as_the_visitor() -> None:
    await told((await visit())[0], "login")
    assert not await User.objects.aexists()
    assert not await Session.objects.aexists()
    assert await Visitor.objects.acount() == 1


async def test_a_stale_session_of_the_product_is_not_touched() -> None:
    """Django would delete one whose password has changed; here it is only not taken."""
    user = await User.objects.acreate_user("ada")
    session = SessionStore()
    session.update({SESSION_KEY: str(user.pk), BACKEND_SESSION_KEY: BACKEND, HASH_SESSION_KEY: "of another password"})
    await session.asave()
    cookie = (b"cookie", f"{settings.SESSION_COOKIE_NAME}={session.session_key}".encode())
    socket = WebsocketCommunicator(application, "/ws/learn/databases/", [ORIGIN, HOST, cookie])
    await socket.connect(timeout=5)
    assert await told(socket, "call") == "Anonymous"
    await socket.disconnect()
    assert await Session.objects.acount() == 1


async def test_few_sessions_are_kept_and_fewer_of_one_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sessions, "KEPT", 5)
    monkeypatch.setattr(sessions, "KEPT_FOR_EACH", 3)
    for n in range(4):
        await sessions.SessionStore(None, ("203.0.113.7", n)).asave()
    assert await VisitorSession.objects.acount() == 3
    for n in range(4):
        await sessions.SessionStore(None, (f"2001:db8::{n}", n)).asave()  # one network, one address
    assert await VisitorSession.objects.acount() == 5
    await VisitorSession.objects.aupdate(expire_date=timezone.now())
    await sessions.SessionStore(None, None).asave()
    assert await VisitorSession.objects.acount() == 1


async def test_a_key_that_was_made_up_is_not_taken() -> None:
    made_up = b"classroom=" + b"a" * 32
    assert (await visit(made_up))[1] != made_up
