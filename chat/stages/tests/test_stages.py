"""The server's half of the inspector: one's own messages, on each transport, and nothing of it while it is closed."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import httpx
import pytest
from channels.layers import InMemoryChannelLayer

from chat.events import Frame
from chat.feed import group_name, wake_up
from chat.hub import hub
from chat.identity import Identity
from chat.layer import Layer
from chat.observed.watchers import watchers
from chat.posting import Accepted
from chat.protocol import Refused
from chat.routing import websocket_urlpatterns
from chat.stages.socket import StagesConsumer
from chat.stages.trips import Trips
from chat.verbs import Say
from conftest import HOST, ORIGIN, Line, Open

IN_ORDER = ["batch", "committed", "fed"]


def cookie_of(web: httpx.AsyncClient) -> tuple[bytes, bytes]:
    return b"cookie", "; ".join(f"{name}={value}" for name, value in web.cookies.items()).encode()


@pytest.fixture
async def inspector(web: httpx.AsyncClient) -> AsyncIterator[Line]:
    """The drawer of whoever `web` is."""
    line = Line(StagesConsumer.as_asgi(), "/ws/stages/", [ORIGIN, HOST, cookie_of(web)])
    line.scope["client"] = ("127.0.0.1", 50_000)
    assert (await line.connect(timeout=5))[0]
    assert await line.receive_json_from(timeout=5) == {"type": "watching"}
    yield line
    await line.disconnect(timeout=5)


async def all_of(line: Line, client_id: str) -> dict[str, Any]:
    """The stages of a message once the members here have it."""
    event: dict[str, Any] = {"ms": {}}
    while "fed" not in event["ms"]:
        event = await line.receive_json_from(timeout=5)
        assert event["client_id"] == client_id
    return event


@pytest.mark.parametrize("door", ["websocket", "post"])
async def test_one_hears_how_far_ones_own_message_has_come(
    inspector: Line, web: httpx.AsyncClient, opened: Open, door: str
) -> None:
    client_id = str(uuid4())
    if door == "websocket":
        socket = await opened("/ws/chat/lobby/", headers=(ORIGIN, HOST, cookie_of(web)))
        assert (await socket.say("hello", client_id))["type"] == "ack"
    else:  # what is said beside SSE and poll
        token = {"X-CSRFToken": web.cookies["chat_csrf"], "Accept": "application/json", "Origin": "http://localhost"}
        fields = {"message": "hello", "client_id": client_id}
        assert (await web.post("/chat/lobby/messages/", data=fields, headers=token)).status_code == 201
    event = await all_of(inspector, client_id)
    assert (event["seq"], event["batch"], event["outcome"]) == (1, 1, "stored")
    times = [event["ms"][stage] for stage in IN_ORDER]
    assert times == sorted(times)
    assert times[0] >= 0


async def test_anothers_messages_are_not_shown(inspector: Line, web: httpx.AsyncClient, opened: Open) -> None:
    another = await opened()
    await another.say("hello")
    mine, client_id = await opened(headers=(ORIGIN, HOST, cookie_of(web))), str(uuid4())
    await mine.say("and I", client_id)
    assert (await all_of(inspector, client_id))["seq"] == 2


async def test_a_repeat_and_a_refusal_are_told_with_their_outcome(
    inspector: Line, web: httpx.AsyncClient, opened: Open
) -> None:
    socket, client_id = await opened(headers=(ORIGIN, HOST, cookie_of(web))), str(uuid4())
    await socket.say("hello", client_id)
    await all_of(inspector, client_id)
    for text, outcome, seq in (("hello", "repeated", 1), ("something else", "conflict", 0)):
        await socket.say(text, client_id)
        event = await inspector.receive_json_from(timeout=5)
        assert (event["outcome"], event["seq"]) == (outcome, seq)


async def test_closed_it_watches_nothing(web: httpx.AsyncClient) -> None:
    listening = len(hub().listeners)
    line = Line(StagesConsumer.as_asgi(), "/ws/stages/", [ORIGIN, HOST, cookie_of(web)])
    line.scope["client"] = ("127.0.0.1", 50_000)
    await line.connect(timeout=5)
    await line.receive_json_from(timeout=5)
    assert (len(watchers), len(hub().listeners)) == (1, listening + 1)
    await line.disconnect(timeout=5)
    assert (watchers, len(hub().listeners)) == ([], listening)


def test_without_debug_there_is_no_such_address() -> None:
    assert not [pattern for pattern in websocket_urlpatterns if "stages" in str(pattern.pattern)]


async def test_what_the_layer_takes_is_published(ada: Identity) -> None:
    told: list[dict[str, Any]] = []
    trips = Trips(ada.id, told.append)
    said = Say("lobby", ada, "hello")
    batch = [(said, None, 0.0)]
    trips.reached("taken", batch, None)
    trips.reached("committed", batch, [Accepted(7, None)])  # type: ignore[arg-type]
    frame = Frame("lobby", 7, 7, "{}")
    watchers.append(trips.reached)
    try:
        layer = Layer(InMemoryChannelLayer())
        layer.publish(group_name("lobby"), wake_up(frame))
        assert layer._publishing
        await layer._publishing
    finally:
        watchers.remove(trips.reached)
    assert list(told[-1]["ms"]) == ["batch", "committed", "published"]


def test_of_a_batch_that_was_refused_nothing_is_awaited(ada: Identity) -> None:
    told: list[dict[str, Any]] = []
    trips = Trips(ada.id, told.append)
    trips.reached("committed", [(Say("lobby", ada, "hello"), None, 0.0)], [Refused("unavailable", "Later.")])
    trips.fed(Frame("lobby", 1, 1, "{}"))
    assert [event["outcome"] for event in told] == ["unavailable"]
