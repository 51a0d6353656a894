"""Routing, with its two consumers."""

import pytest
from channels.testing import HttpCommunicator, WebsocketCommunicator
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.test import Client

from accounts.models import User
from learn.demos import routing
from learn.tests.conftest import Connect


async def test_the_path_says_who_answers_and_names_a_part_of_itself(connected: Connect) -> None:
    socket = await connected("routing/chat/garden/")
    assert await socket.receive_from() == "public, room garden, user AnonymousUser"


async def test_staff_alone_gets_into_the_admins_room(connected: Connect) -> None:
    socket = await connected("routing/chat/admin/")
    assert (await socket.receive_output())["code"] == 4403


async def test_who_has_signed_in_to_the_chat_is_known_here(connected: Connect, client: Client) -> None:
    await client.aforce_login(await User.objects.acreate(username="grace", is_staff=True))
    cookie = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
    socket = await connected("routing/chat/admin/", headers=[(b"cookie", cookie.encode())])
    assert await socket.receive_from() == "admin, user grace"


@pytest.mark.parametrize("is_staff", [True, False])
async def test_whoever_is_staff_may_stay(is_staff: bool) -> None:
    socket = WebsocketCommunicator(routing.AdminChatConsumer.as_asgi(), "/")
    socket.scope["user"] = User(username="grace", is_staff=True) if is_staff else AnonymousUser()
    await socket.connect()
    answer = await socket.receive_output()
    assert answer.get("text") == ("admin, user grace" if is_staff else None)


async def test_a_page_of_another_origin_is_refused() -> None:
    headers = [(b"origin", b"https://elsewhere.example"), (b"host", b"localhost")]
    socket = WebsocketCommunicator(routing.application, "/chat/garden/", headers)
    assert await socket.connect() == (False, 1000)


async def test_a_path_without_a_route_is_an_error_of_the_router() -> None:
    headers = [(b"origin", b"http://localhost")]
    socket = WebsocketCommunicator(routing.application, "/nowhere/", headers)
    with pytest.raises(ValueError, match="No route found"):
        await socket.connect()


async def test_a_protocol_that_is_not_named_is_an_exception() -> None:
    request = HttpCommunicator(routing.application, "GET", "/chat/garden/")
    with pytest.raises(ValueError, match="No application configured for scope type 'http'"):
        await request.get_response(timeout=5)
