"""Who is writing: everybody else in the room sees it, and nobody keeps it."""

import pytest
from django.test import Client, override_settings

from chat import limits
from chat.models import Message, Room
from conftest import Open, Socket


async def types(socket: Socket) -> None:
    await socket.send(type="typing")


async def test_all_in_the_room_and_nobody_elsewhere_see_who_is_writing(opened: Open) -> None:
    ada, bob = await opened(), await opened()
    elsewhere, tutorial = await opened("/ws/chat/den/"), await opened(subprotocols=())
    you = (await ada.receive_type("hello"))["you"]
    await elsewhere.receive_type("hello")
    await types(ada)
    assert await bob.receive_type("typing") == {"type": "typing", "author": you}
    assert await elsewhere.is_silent()
    assert await tutorial.is_silent()


async def test_it_takes_no_number_and_nothing_is_stored(opened: Open) -> None:
    ada, bob = await opened(), await opened()
    await bob.receive_type("hello")
    await types(ada)
    await bob.receive_type("typing")
    assert not await Room.objects.aexists()
    assert (await ada.say("hello"))["seq"] == 1
    back = await opened("/ws/chat/lobby/?after=0")
    assert [(await back.receive())["type"] for _ in "12"] == ["hello", "message"]
    assert await back.is_silent()


async def test_the_tutorials_client_cannot_be_seen_writing(opened: Open) -> None:
    ada, tutorial = await opened(), await opened(subprotocols=())
    await ada.receive_type("hello")
    await tutorial.send(type="typing", message="hello")
    assert (await ada.receive())["type"] == "message"


@override_settings(CHAT_RATE_LIMIT=(1, 1000.0))
async def test_whoever_types_too_fast_is_refused_and_may_still_speak(
    opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "HINTS_RATE", (2, 1000.0))
    ada, bob = await opened(), await opened()
    await bob.receive_type("hello")
    for _ in range(3):
        await types(ada)
    assert (await ada.receive_type("error"))["code"] == "rate_limited"
    assert [(await bob.receive_type("typing"))["type"] for _ in "12"] == ["typing"] * 2
    assert await bob.is_silent()
    assert (await ada.say("hello"))["type"] == "ack", "messages have a bucket of their own"
    await types(bob)
    await ada.receive_type("typing")


@override_settings(CHAT_RATE_LIMIT=None)
async def test_where_there_are_no_limits_hints_have_none_either(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "HINTS_RATE", (2, 1000.0))
    ada, bob = await opened(), await opened()
    await bob.receive_type("hello")
    for _ in range(20):
        await types(ada)
    for _ in range(20):
        await bob.receive_type("typing")


@pytest.mark.django_db(transaction=True)
def test_a_client_without_a_socket_posts_that_it_is_writing(client: Client) -> None:
    answer = client.post("/chat/lobby/frames/", {"type": "typing"}, content_type="application/json")
    assert (answer.status_code, answer.content) == (204, b"")
    assert not Message.objects.exists()


async def test_who_posts_that_they_are_writing_is_seen_by_those_with_a_socket(
    opened: Open, async_client: object
) -> None:
    bob = await opened()
    await bob.receive_type("hello")
    await async_client.post("/chat/lobby/frames/", {"type": "typing"}, content_type="application/json")  # type: ignore[attr-defined]
    assert (await bob.receive_type("typing"))["author"]["name"].startswith("Anonymous-")
