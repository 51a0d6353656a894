"""The last step: the product's consumer in a room that is forgotten."""

import json
from typing import Any
from uuid import uuid4

from channels.testing import WebsocketCommunicator
from django.apps import apps
from django.test import Client

from learn import room
from learn.memory import MemoryLog
from learn.tests.conftest import Connect


async def event(socket: WebsocketCommunicator, kind: str) -> dict[str, Any]:
    """The next event of this kind."""
    while True:
        for each in json.loads(f"[{await socket.receive_from(timeout=5)}]"):
            for found in each if isinstance(each, list) else [each]:
                if found["type"] == kind:
                    return dict(found)


def said(text: str = "hello") -> str:
    return json.dumps({"message": text, "client_id": str(uuid4())})


async def test_who_comes_after_hundreds_of_others_is_the_first_in_a_room_of_their_own(connected: Connect) -> None:
    others = await connected("room/others/", "chat.v1")
    for _ in range(20):
        await others.send_to(text_data=said())
    assert (await event(others, "ack"))["seq"] > 0
    socket = await connected("room/mine/", "chat.v1")
    assert (await event(socket, "hello"))["seq"] == 0
    await socket.send_to(text_data=said())
    assert (await event(socket, "ack"))["seq"] == 1
    again = await connected("room/mine/?after=0", "chat.v1")
    assert (await event(again, "message"))["text"] == "hello"


def test_each_visit_of_the_page_has_a_room_and_a_client_id_of_its_own() -> None:
    pages = [Client().get("/learn/the-room/").context["console"] for _ in range(2)]
    assert pages[0].path != pages[1].path
    assert pages[0].tries[1].send != pages[1].tries[1].send


async def test_a_repeat_is_stored_once(connected: Connect) -> None:
    socket = await connected("room/repeated/", "chat.v1")
    frame = said()
    for _ in range(2):
        await socket.send_to(text_data=frame)
        assert (await event(socket, "ack"))["seq"] == 1


async def test_nothing_of_it_reaches_the_products_tables(connected: Connect) -> None:
    socket = await connected("room/quiet/", "chat.v1")
    await socket.send_to(text_data=said())
    await event(socket, "ack")
    for frame in (said("/name Ada"), json.dumps({"type": "react", "id": 1, "emoji": "👍"})):
        await socket.send_to(text_data=frame)
        assert "Here only messages" in (await event(socket, "error"))["detail"]
    rows = {model._meta.label: await model.objects.acount() for model in apps.get_models()}
    assert not {label for label, count in rows.items() if count} - {"contenttypes.ContentType", "auth.Permission"}


async def test_the_oldest_room_is_forgotten_and_a_full_one_says_so() -> None:
    from chat.identity import stranger
    from chat.protocol import Refused
    from chat.verbs import Say

    log = MemoryLog(rooms_max=2, messages_max=1)
    verdicts, frames = await log.commit([Say(name, stranger(), "hello") for name in ("one", "two", "three", "three")])
    assert [frame.room for frame in frames] == ["two", "three"]
    assert isinstance(verdicts[-1], Refused)
    assert room.ROOMS_MAX * room.MESSAGES_MAX <= 20_000


async def test_what_is_said_is_bounded_in_bytes_too() -> None:
    from chat.identity import stranger
    from chat.protocol import Refused
    from chat.verbs import Say

    say, you = "学" * 100, stranger()  # twice 300 bytes: as text and as HTML, with a little around it
    log = MemoryLog(rooms_max=10, messages_max=10, bytes_max=2000)
    for name in ("one", "two", "three", "four"):
        await log.commit([Say(name, you, say)])
    assert [len(log.texts(name)) for name in ("one", "two", "three", "four")] == [0, 1, 1, 1]
    verdicts, _ = await log.commit([Say("five", you, say) for _ in range(4)])
    assert [isinstance(verdict, Refused) for verdict in verdicts] == [False, False, False, True]
    assert not any(log.texts(name) for name in ("one", "two", "three", "four"))
    assert len(log.texts("five")) == 3


async def test_a_room_that_was_forgotten_gives_its_bytes_back() -> None:
    from chat.identity import stranger
    from chat.verbs import Say

    log = MemoryLog(rooms_max=1, messages_max=10, bytes_max=2000)
    for name in map(str, range(50)):
        verdicts, _ = await log.commit([Say(name, stranger(), "学" * 100)])
        assert getattr(verdicts[0], "seq", 0) == 1
