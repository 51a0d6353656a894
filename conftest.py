"""What all tests share: a cast of people, and a socket to a room."""

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from typing import Any
from uuid import uuid4

import httpx
import pytest
from asgiref.sync import sync_to_async
from asgiref.testing import ApplicationCommunicator
from channels.testing import WebsocketCommunicator
from django.db import connections

import chat.features  # noqa: F401 - plugs features into the core, whichever tests run
from accounts import taken
from chat import hub, limits, pages, rights
from chat.identity import Identity

ORIGIN = (b"origin", b"http://localhost")
HOST = (b"host", b"localhost")
pytest_plugins = ["chat.tests.asked", "chat.tests.elsewhere"]
DATABASE = {"db", "transactional_db"}  # fixtures that give one


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL only what asks the database: all else does there what it does on SQLite."""
    if not os.environ.get("TEST_DATABASE_URL"):
        return
    asks = [item for item in items if item.get_closest_marker("django_db") or DATABASE & set(item.fixturenames)]  # type: ignore[attr-defined]
    config.hook.pytest_deselected(items=[item for item in items if item not in asks])
    items[:] = asks


@pytest.fixture
def ada() -> Identity:
    return Identity(id="guest-ada", name="Ada")


@pytest.fixture
def bob() -> Identity:
    return Identity(id="guest-bob", name="Bob")


@pytest.fixture
def grace() -> Identity:
    """She is staff."""
    return Identity(id="user-1", name="Grace", is_staff=True)


class Line(WebsocketCommunicator):
    """Connections to the database are closed as ever: the one of Channels keeps them open, each in its thread."""

    send_input = ApplicationCommunicator.send_input
    receive_output = ApplicationCommunicator.receive_output


class Socket:
    """A client of a room's WebSocket that speaks `chat.v1`, or the tutorial."""

    def __init__(self, communicator: WebsocketCommunicator) -> None:
        self.raw = communicator
        self.subprotocol: str | None = None
        self._events: list[dict[str, Any]] = []

    async def receive(self) -> dict[str, Any]:
        """The next event, out of its frame if that holds several. Hints of others come when they like: not those."""
        while (event := await self._next()).get("type") in ("presence", "recent"):
            pass
        return event

    async def receive_type(self, kind: str) -> dict[str, Any]:
        while (event := await self._next()).get("type") != kind:
            pass
        return event

    async def _next(self) -> dict[str, Any]:
        if not self._events:
            frame = await self.raw.receive_json_from(timeout=5)
            self._events = frame if isinstance(frame, list) else [frame]
        return self._events.pop(0)

    async def send(self, **frame: Any) -> None:
        await self.raw.send_json_to(frame)

    async def say(self, text: str, client_id: str | None = None) -> dict[str, Any]:
        """Returns the answer: an `ack` or an `error`."""
        await self.send(type="message", message=text, client_id=client_id or str(uuid4()))
        while (event := await self.receive())["type"] not in ("ack", "error"):
            pass
        return event

    async def close_code(self) -> int:
        while (output := await self.raw.receive_output(timeout=5))["type"] != "websocket.close":
            pass
        return output["code"]

    async def is_silent(self) -> bool:
        with suppress(TimeoutError):
            async with asyncio.timeout(0.2):
                self._events.insert(0, await self.receive())
        return not self._events


Open = Callable[..., Awaitable[Socket]]


@pytest.fixture
async def opened(transactional_db: None) -> AsyncIterator[Open]:
    """Opens sockets, and closes them at the end."""
    from mysite.asgi import application

    sockets: list[Socket] = []

    async def opened(
        path: str = "/ws/chat/lobby/", *, subprotocols: tuple[str, ...] = ("chat.v1",), headers: Any = (ORIGIN, HOST)
    ) -> Socket:
        socket = Socket(Line(application, path, list(headers), list(subprotocols)))
        socket.raw.scope["client"] = ("127.0.0.1", 50_000)
        accepted, socket.subprotocol = await socket.raw.connect(timeout=5)
        assert accepted
        sockets.append(socket)
        return socket

    yield opened
    for socket in sockets:
        with suppress(asyncio.CancelledError):  # of one that a test waited for in vain: the others still end
            await socket.raw.disconnect(timeout=5)
    await hub.hub().close()
    hub._hubs.clear()
    await sync_to_async(connections.close_all)()  # of the thread in which `aget` and its like ran


@pytest.fixture
async def web(opened: Open) -> AsyncIterator[httpx.AsyncClient]:
    """The whole application, as a guest asks for it who has been to the lobby."""
    from mysite.asgi import application

    transport = httpx.ASGITransport(app=application)
    async with httpx.AsyncClient(
        transport=transport, base_url="http://localhost", headers={"accept-encoding": "identity"}
    ) as web:
        await web.get("/chat/lobby/")
        web.headers["X-CSRFToken"] = web.cookies["chat_csrf"]
        yield web


@pytest.fixture(autouse=True)
def fresh_limits() -> None:
    limits._buckets.clear()
    taken._answers.clear()
    rights._known.clear()
    pages._newest.cache_clear()  # each test begins with a database of its own
