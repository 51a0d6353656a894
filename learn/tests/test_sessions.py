"""A session, `login` and `logout` from a consumer."""

import pytest
from channels.testing import WebsocketCommunicator

from accounts.models import User
from conftest import HOST, ORIGIN
from mysite.asgi import application

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
    user = await User.objects.aget(username="classroom-visitor")
    assert not user.is_staff
    assert not await user.acheck_password("")


async def test_a_key_that_was_made_up_is_not_taken() -> None:
    made_up = b"classroom=" + b"a" * 32
    assert (await visit(made_up))[1] != made_up
