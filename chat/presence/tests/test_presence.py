"""Who is here, as one process tells it: to every door, in one event a second at most."""

import asyncio
import json
import time
from typing import Any

import pytest
from channels.db import database_sync_to_async
from django.test import AsyncClient, Client

from chat import consumers, streams
from chat.presence import companion
from chat.tests.asked import Asked
from conftest import HOST, ORIGIN, Open, Socket


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, seconds in {"GRACE_SECONDS": 0.3, "LOOK_EVERY": 0.2, "TELL_EVERY": 0.05}.items():
        monkeypatch.setattr(companion, name, seconds)
    monkeypatch.setattr(streams, "GLANCED", 0.3)


pytestmark = pytest.mark.usefixtures("quick")


@database_sync_to_async
def guest() -> Any:
    """The headers of a browser that is known again."""
    client = Client(headers={"host": "localhost"})
    client.get("/chat/lobby/")
    return ORIGIN, HOST, (b"cookie", f"chat_guest={client.cookies['chat_guest'].value}".encode())


async def you(socket: Socket) -> dict[str, str]:
    return dict((await socket.receive_type("hello"))["you"])


async def test_who_comes_is_told_of_all_and_the_others_of_who_came_and_left(opened: Open) -> None:
    ada = await opened()
    first = await you(ada)
    assert await ada.receive_type("presence") == {"type": "presence", "count": 1, "online": [first]}
    bob = await opened()
    second = await you(bob)
    assert await ada.receive_type("presence") == {"type": "presence", "count": 2, "joined": [second]}
    assert await bob.receive_type("presence") == {"type": "presence", "count": 2, "online": [first, second]}
    await bob.raw.disconnect()
    assert await ada.receive_type("presence") == {"type": "presence", "count": 1, "left": [second]}


async def test_nobody_elsewhere_and_nobody_who_speaks_the_tutorials_protocol_hears_of_it(opened: Open) -> None:
    elsewhere, tutorial = await opened("/ws/chat/den/"), await opened(subprotocols=())
    assert (await elsewhere.receive_type("presence"))["count"] == 1
    ada = await opened()
    assert (await ada.receive_type("presence"))["count"] == 2, "who speaks the tutorial's is here as well"
    for socket in (elsewhere, tutorial):
        assert await socket.raw.receive_nothing(timeout=0.5)


async def test_tabs_of_one_person_are_one(opened: Open) -> None:
    headers = await guest()
    ada = await opened()
    await ada.receive_type("presence")
    tabs = [await opened(headers=headers) for _ in range(3)]
    assert (await ada.receive_type("presence"))["count"] == 2
    for tab in tabs[1:]:
        await tab.raw.disconnect()
    assert await ada.raw.receive_nothing(timeout=0.6)
    await tabs[0].raw.disconnect()
    assert (await ada.receive_type("presence"))["count"] == 1


async def test_who_comes_back_at_once_never_left(opened: Open) -> None:
    headers = await guest()
    ada, bob = await opened(), await opened(headers=headers)
    while (await ada.receive_type("presence"))["count"] != 2:
        pass
    await bob.raw.disconnect()
    await asyncio.sleep(0.1)
    await opened(headers=headers)
    assert await ada.raw.receive_nothing(timeout=0.8)


async def test_who_was_cut_off_has_longer_to_come_back_than_who_left(
    opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(consumers, "CUT_OFF", 1.5)
    headers = await guest()
    ada, bob = await opened(), await opened(headers=headers)
    while (await ada.receive_type("presence"))["count"] != 2:
        pass
    await bob.raw.disconnect(code=1006)
    await asyncio.sleep(0.9)
    again = await opened(headers=headers)
    assert await ada.raw.receive_nothing(timeout=1.2), "three times the grace of one who closes the page"
    await again.raw.disconnect(code=1006)
    assert (await ada.receive_type("presence"))["count"] == 1, "but not for ever"


async def test_a_tab_that_asks_only_now_and_then_does_not_leave_in_between(
    opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "GLANCED", 2.0)
    headers = await guest()
    ada = await opened()
    await ada.receive_type("presence")
    await poll("/chat/lobby/poll/?wait=0", headers[2][1])
    assert (await ada.receive_type("presence"))["count"] == 2
    await asyncio.sleep(0.7)
    await poll("/chat/lobby/poll/?wait=0", headers[2][1])
    assert await ada.raw.receive_nothing(timeout=0.7)


async def test_a_new_name_reaches_those_who_see_it_at_once(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(companion, "LOOK_EVERY", 60)
    ada, bob = await opened(), await opened()
    while (await ada.receive_type("presence"))["count"] != 2:
        pass
    await bob.say("/name Bob")
    event = await ada.receive_type("presence")
    assert (event["count"], [person["name"] for person in event["joined"]]) == (2, ["Bob"])


async def test_many_who_come_at_once_are_one_event(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(companion, "TELL_EVERY", 0.5)
    ada = await opened()
    await ada.receive_type("presence")
    for _ in range(20):
        await opened()
    events, counts = 0, 1
    began = time.monotonic()
    while counts < 21:
        counts, events = (await ada.receive_type("presence"))["count"], events + 1
    assert events <= 1 + (time.monotonic() - began) / 0.5 + 1


async def test_above_a_hundred_people_there_is_the_number_alone_and_nobody_types(
    opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(companion, "NAMED_MAX", 3)
    sockets = [await opened() for _ in range(3)]
    while (await sockets[0].receive_type("presence"))["count"] != 3:
        pass
    await sockets[1].send(type="typing")
    await sockets[0].receive_type("typing")
    fourth = await opened()
    for socket in (sockets[0], fourth):
        assert await socket.receive_type("presence") == {"type": "presence", "count": 4}
    await sockets[1].send(type="typing")
    assert await sockets[0].raw.receive_nothing(timeout=0.3)
    await fourth.raw.disconnect()
    event = await sockets[0].receive_type("presence")
    assert (event["count"], len(event["online"])) == (3, 3), "from here on it is told who comes and leaves"


async def test_a_poll_carries_who_is_here_and_does_not_end_for_it(opened: Open, async_client: AsyncClient) -> None:
    ada = await opened()
    await ada.receive_type("presence")
    asked = asyncio.create_task(poll("/chat/lobby/poll/?wait=25&after=0"))
    assert (await ada.receive_type("presence"))["count"] == 2
    assert not asked.done()
    await ada.say("hello")
    presence, message = (await asked)["events"]
    assert (presence["type"], presence["count"], len(presence["online"])) == ("presence", 2, 2)
    assert message["type"] == "message"


async def test_a_poll_that_knows_who_is_here_ends_where_others_are(opened: Open) -> None:
    ada, headers = await opened(), await guest()
    await ada.receive_type("presence")
    known, counts = "0", [0]
    while counts[-1] != 2:
        answer = await poll(f"/chat/lobby/poll/?wait=25&known={known}", headers[2][1])
        known = answer["known"]
        counts += [each["count"] for each in answer["events"] if each["type"] == "presence"]
    waiting = asyncio.create_task(poll(f"/chat/lobby/poll/?wait=25&known={known}", headers[2][1]))
    bob = await opened()
    while (await bob.receive_type("presence"))["count"] != 3:
        pass
    assert [each["count"] for each in (await waiting)["events"]] == [3]


async def test_no_poll_ends_for_who_comes_to_a_crowd(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(companion, "NAMED_MAX", 1)
    ada, headers = await opened(), await guest()
    bob = await opened()
    while (await bob.receive_type("presence"))["count"] != 2:
        pass
    first = await poll("/chat/lobby/poll/?wait=25&known=0", headers[2][1])
    assert [each["count"] for each in first["events"]] == [2], "at once: it knew nothing"
    waiting = asyncio.create_task(poll(f"/chat/lobby/poll/?wait=25&known={first['known']}", headers[2][1]))
    await opened()
    while (await ada.receive_type("presence"))["count"] != 4:
        pass
    assert not waiting.done()
    await ada.say("hello")
    presence, message = (await waiting)["events"]
    assert (presence["count"], message["type"]) == (4, "message")


async def test_who_polls_again_and_again_does_not_leave_in_between(opened: Open) -> None:
    headers = await guest()
    ada = await opened()
    await ada.receive_type("presence")
    for _ in range(5):
        await poll("/chat/lobby/poll/?wait=0", headers[2][1])
        await asyncio.sleep(0.1)
    counts = [json.loads(each)["count"] async for each in frames(ada, 0.6)]
    assert counts == [2, 1], "one who came, and left when the last poll was over"


async def poll(path: str, cookie: bytes = b"") -> dict[str, Any]:
    request = Asked(path, cookie=cookie.decode())
    assert await request.begun() == 200
    answer = json.loads(await request.all())
    await request.goes()
    return dict(answer)


async def frames(socket: Socket, seconds: float) -> Any:
    while not await socket.raw.receive_nothing(timeout=seconds):
        yield await socket.raw.receive_from()
