"""A socket to a demo, through the whole of the routing, as a browser would have it."""

import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from channels.layers import channel_layers
from channels.testing import WebsocketCommunicator
from websockets.asyncio import client
from websockets.typing import Origin

from conftest import HOST, ORIGIN
from e2e.servers import Server
from e2e.services import Valkey
from learn.catalog import ROOT
from learn.exercises.catalog import EXERCISES
from mysite.asgi import application

Connect = Callable[..., Awaitable[WebsocketCommunicator]]


@pytest.fixture(autouse=True)
def fresh_layer(transactional_db: None) -> None:
    """Each test has an event loop of its own, and a layer of its own; each consumer may touch the database."""
    channel_layers.backends = {}


@pytest.fixture
async def connected() -> AsyncIterator[Connect]:
    opened = []

    async def connected(
        path: str, *subprotocols: str, headers: Any = (), client: str = "127.0.0.1"
    ) -> WebsocketCommunicator:
        headers = [ORIGIN, HOST, *headers]
        socket = WebsocketCommunicator(application, f"/ws/learn/{path}", headers, list(subprotocols))
        socket.scope["client"] = (client, 50_000)
        socket.accepted, socket.subprotocol = await socket.connect(timeout=5)
        opened.append(socket)
        return socket

    yield connected
    for socket in opened:
        await socket.disconnect(timeout=5)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A learner's files of the exercises, as they are given."""
    for exercise in EXERCISES:
        shutil.copy(ROOT / exercise.file, tmp_path)
    monkeypatch.setenv("EXERCISES_IN", str(tmp_path))
    return tmp_path


@pytest.fixture(scope="session")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Valkey]:
    valkey = Valkey(tmp_path_factory.mktemp("valkey")).start()
    yield valkey
    valkey.kill()


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """Starts servers as people do, on one database."""
    started = []

    def serve(*, daphne: bool = False, **environment: str) -> Server:
        server = Server(tmp_path, daphne=daphne, **environment)
        if not started:
            server.manage("migrate", "--verbosity", "0")
        started.append(server)
        return server.start()

    yield serve
    for server in started:
        server.stop()


def socket_to(server: Server, path: str) -> client.connect:
    return client.connect(f"{server.ws}/ws/learn/{path}", origin=Origin(server.url))
