"""Another name: whichever way it is taken, every tab of this person knows it and speaks under it."""

from collections.abc import Awaitable, Callable
from uuid import UUID, uuid4

import pytest
from django.test import AsyncClient, override_settings

from accounts import guests
from accounts.models import Guest, User
from chat.models import Message
from conftest import HOST, ORIGIN, Open, Socket

KEY = UUID("3fa85f64-5717-4562-b3fc-2c963f66afa6")
JSON = {"accept": "application/json"}


def cookie(key: UUID = KEY) -> str:
    return guests._signer.sign(key.hex)


async def tab(opened: Open, room: str = "lobby", *, subprotocols: tuple[str, ...] = ("chat.v1",)) -> Socket:
    """A page of the guest with this key."""
    headers = (ORIGIN, HOST, (b"cookie", f"{guests.COOKIE}={cookie()}".encode()))
    socket = await opened(f"/ws/chat/{room}/", headers=headers, subprotocols=subprotocols)
    if subprotocols:
        await socket.receive_type("hello")
    return socket


@pytest.fixture
def form(async_client: AsyncClient) -> AsyncClient:
    """The same guest, without a socket."""
    async_client.cookies[guests.COOKIE] = cookie()
    return async_client


async def by_socket(socket: Socket, form: AsyncClient, name: str) -> str | None:
    """Returns the code of the refusal, if it was one."""
    answer = await socket.say(f"/name {name}")
    return answer.get("code")


async def by_command(socket: Socket, form: AsyncClient, name: str) -> str | None:
    answer = await form.post("/chat/lobby/messages/", {"message": f"/name {name}"}, headers=JSON)
    return answer.json().get("code")  # type: ignore[no-any-return]


async def by_form(socket: Socket, form: AsyncClient, name: str) -> str | None:
    answer = await form.post("/chat/lobby/name/", {"name": name}, headers=JSON)
    return answer.json().get("code")  # type: ignore[no-any-return]


async def by_frame(socket: Socket, form: AsyncClient, name: str) -> str | None:
    frame = {"message": f"/name {name}", "client_id": str(uuid4())}
    answer = await form.post("/chat/lobby/frames/", frame, content_type="application/json", headers=JSON)
    return answer.json().get("code") if answer.content else None


Way = Callable[[Socket, AsyncClient, str], Awaitable[str | None]]
each_way = pytest.mark.parametrize("take_name", [by_socket, by_command, by_form, by_frame])


@each_way
async def test_every_tab_is_greeted_under_the_new_name_and_speaks_under_it(
    opened: Open, form: AsyncClient, take_name: Way
) -> None:
    socket, elsewhere, stranger = await tab(opened), await tab(opened, "den"), await opened()
    await stranger.receive_type("hello")
    assert await take_name(socket, form, "Countess") is None
    hello = await elsewhere.receive_type("hello")
    assert hello["you"] == {"id": f"guest-{KEY.hex[:16]}", "name": "Countess"}
    assert (hello["room"], hello["seq"]) == ("den", 0)
    assert await stranger.is_silent()
    assert not await Message.objects.aexists(), "it is no message"
    await elsewhere.say("hello")
    assert (await Message.objects.aget()).author_name == "Countess"
    await socket.send(type="typing")
    assert (await stranger.receive_type("typing"))["author"]["name"] == "Countess"
    await socket.say("hello")
    assert (await stranger.receive_type("message"))["author"]["name"] == "Countess"


@each_way
@override_settings(CHAT_RATE_LIMIT=(2, 1000.0))
async def test_names_are_limited_like_messages(opened: Open, form: AsyncClient, take_name: Way) -> None:
    socket = await tab(opened)
    assert [await take_name(socket, form, name) for name in "abc"] == [None, None, "rate_limited"]
    assert (await Guest.objects.aget()).name == "b"
    assert (await socket.say("hello"))["code"] == "rate_limited"


@each_way
async def test_what_is_no_name_is_refused_with_its_reason_and_changes_nothing(
    opened: Open, form: AsyncClient, take_name: Way
) -> None:
    socket = await tab(opened)
    for name in ("x" * 33, "\u200b", "Ada\u3164", "a\u0316\u0317\u0318\u0319\u031c", "a" + "\u0301" * 3_000):
        assert await take_name(socket, form, name) == "bad_frame"
    assert not await Guest.objects.aexists()


@each_way
async def test_the_name_of_an_account_or_one_that_looks_like_it_is_refused_and_changes_nothing(
    opened: Open, form: AsyncClient, take_name: Way
) -> None:
    person = await User.objects.acreate_user("Ada Lovelace")
    person.username = "Countess"
    await person.asave()
    socket = await tab(opened)
    for name in ("Ada Lovelace", "АDА  LOVELACE", "countess"):
        assert await take_name(socket, form, name) == "conflict"
    assert not await Guest.objects.aexists()
    assert (await socket.say("/name COUNTESS"))["reason"] == "name_taken"
    assert await take_name(socket, form, "Ada") is None


@each_way
async def test_a_guest_whose_name_an_account_takes_is_anonymous_from_the_next_message_on(
    opened: Open, form: AsyncClient, take_name: Way
) -> None:
    socket, stranger = await tab(opened), await opened()
    await take_name(socket, form, "Countess")
    await socket.say("before")
    await User.objects.acreate_user("countess")
    await socket.say("after")
    assert [(await stranger.receive_type("message"))["author"]["name"] for _ in "ab"] == ["Countess", "Anonymous-3fa8"]
    again = await tab(opened, "lobby")
    await again.send(type="typing")
    assert (await stranger.receive_type("typing"))["author"]["name"] == "Anonymous-3fa8"
    assert "Anonymous-3fa8" in (await form.get("/chat/lobby/")).content.decode()
    assert await take_name(socket, form, "Baroness") is None
    await socket.say("later")
    assert (await stranger.receive_type("message"))["author"]["name"] == "Baroness"


async def test_the_tutorials_client_takes_a_name_and_hears_of_none(opened: Open, form: AsyncClient) -> None:
    tutorial, socket = await tab(opened, subprotocols=()), await tab(opened)
    await tutorial.send(message="/name Countess")
    assert (await socket.receive_type("hello"))["you"]["name"] == "Countess"
    assert await tutorial.is_silent()
    await tutorial.send(message="hello")
    assert await tutorial.receive() == {"message": "hello", "author": "Countess"}


async def test_a_new_name_leaves_what_was_said_before_under_the_old_one(opened: Open, form: AsyncClient) -> None:
    socket = await tab(opened)
    await socket.say("/name Ada")
    await socket.say("before")
    await socket.say("/name Countess")
    await socket.say("after")
    assert [each.author_name async for each in Message.objects.order_by("seq")] == ["Ada", "Countess"]


async def test_a_number_that_hello_repeats_is_the_last_one_that_this_tab_was_sent(opened: Open) -> None:
    socket, elsewhere = await tab(opened), await tab(opened, "den")
    for text in "ab":
        await socket.say(text)
    await elsewhere.say("/name Countess")
    hello = await socket.receive_type("hello")
    assert (hello["room"], hello["seq"], hello["you"]["name"]) == ("lobby", 2, "Countess")
