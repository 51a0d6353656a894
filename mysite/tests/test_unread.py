"""Lines whose clients do not read, or go on after they were told to close. uvicorn's protocols, in this process."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
import uvicorn
from uvicorn.server import ServerState

from mysite.protocols import BoundedHttp, FairWebSocket, http, unread
from mysite.protocols.held import Held
from mysite.tests.test_protocols import UPGRADE, masked

PAGE = 16 * 1024 * 1024  # bytes; more than the system takes
GET = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
TEXT, CLOSE = 0x1, 0x8

Line = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unread, "SOON", 0.05)
    monkeypatch.setattr(unread, "WITHIN", 0.3)


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """A large page; as a WebSocket, one that sends as much or closes, as it is asked to."""
    if scope["type"] == "http":
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % PAGE)]})
        await send({"type": "http.response.body", "body": bytes(PAGE)})
        return
    while (message := await receive())["type"] != "websocket.disconnect":
        if message["type"] == "websocket.connect":
            await send({"type": "websocket.accept"})
        elif message["text"] == "close":
            await send({"type": "websocket.close", "code": 4000})
        else:
            await send({"type": "websocket.send", "bytes": bytes(PAGE)})


@asynccontextmanager
async def served() -> AsyncIterator[tuple[ServerState, int]]:
    config = uvicorn.Config(application, http=BoundedHttp, ws=FairWebSocket, interface="asgi3", log_config=None)
    config.load()
    state = ServerState()

    def protocol() -> BoundedHttp:
        return BoundedHttp(config=config, server_state=state, app_state={})

    server = await asyncio.get_running_loop().create_server(protocol, "127.0.0.1", 0)
    try:
        yield state, server.sockets[0].getsockname()[1]
    finally:
        server.close()


async def connected(port: int) -> Line:
    line = socket.socket()
    line.setblocking(False)
    line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    await asyncio.get_running_loop().sock_connect(line, ("127.0.0.1", port))
    return await asyncio.open_connection(sock=line, limit=4096)


async def shaken(port: int) -> Line:
    reader, writer = await connected(port)
    writer.write(UPGRADE.encode() + b"\r\n")
    assert b" 101 " in await reader.readuntil(b"\r\n\r\n")
    return reader, writer


async def until(is_so: Callable[[], object]) -> None:
    async with asyncio.timeout(15):
        while not is_so():  # noqa: ASYNC110 - of something that has no event
            await asyncio.sleep(0.01)


async def test_a_page_that_nobody_reads_is_held_for_a_while_and_then_the_line_is_cut() -> None:
    async with served() as (state, port):
        reader, writer = await connected(port)
        writer.write(GET)
        await until(lambda: http.unread.bytes > PAGE // 2)
        await until(lambda: not state.connections)
        assert http.unread.bytes == 0
        with pytest.raises((asyncio.IncompleteReadError, ConnectionError)):
            await reader.readexactly(PAGE)
        writer.close()


async def test_a_slow_reader_gets_the_whole_page() -> None:
    async with served() as (_, port):
        reader, writer = await connected(port)
        writer.write(GET)
        await reader.readuntil(b"\r\n\r\n")
        got = 0
        async with asyncio.timeout(60):
            while got < PAGE:
                got += len(await reader.readexactly(min(512 * 1024, PAGE - got)))
                await asyncio.sleep(0.03)  # over a second for all of it
        await until(lambda: http.unread.bytes == 0)
        writer.close()


async def test_what_waits_for_one_address_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "unread", Held(of_address=PAGE * 2, of_all=PAGE * 9, share=PAGE))
    monkeypatch.setattr(unread, "WITHIN", 60)
    async with served() as (state, port):
        lines = [await connected(port) for _ in range(4)]
        for _, writer in lines:
            writer.write(GET)
        await until(lambda: len(state.connections) == 2)
        assert PAGE < http.unread.bytes <= PAGE * 2
        for _, writer in lines:
            writer.transport.abort()
        await until(lambda: http.unread.bytes == 0)


async def test_a_closing_websocket_that_does_not_read_is_cut_and_an_open_one_is_not() -> None:
    async with served() as (state, port):
        _, writer = await shaken(port)
        writer.write(masked(TEXT, b"more"))
        (protocol,) = state.connections
        await until(lambda: not protocol.writable.is_set())  # type: ignore[union-attr]
        await asyncio.sleep(unread.WITHIN * 3)
        assert state.connections
        writer.write(masked(CLOSE, (1000).to_bytes(2)))
        await until(lambda: not state.connections)
        writer.close()


@pytest.mark.parametrize(("size", "is_looked_at"), [(100, True), (2_000_000, False)])
async def test_what_comes_after_the_close_frame_is_looked_at_for_the_answer_and_then_dropped(
    size: int, is_looked_at: bool
) -> None:
    async with served() as (state, port):
        reader, writer = await shaken(port)
        writer.write(masked(TEXT, b"close"))
        assert await reader.readexactly(4) == b"\x88\x02" + (4000).to_bytes(2)
        writer.write(masked(TEXT, bytes(100)) * (size // 100) + masked(CLOSE, (4000).to_bytes(2)))
        await writer.drain()
        if is_looked_at:
            await until(lambda: not state.connections)
        else:
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.5):
                    await reader.read()
            assert state.connections
        writer.close()
