"""uvicorn and Daphne both serve the whole classroom: each prepared frame brings what its page promises."""

import asyncio
from collections.abc import Iterator

import httpx
import pytest
from websockets.asyncio import client
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.typing import Origin, Subprotocol

from e2e.servers import Server
from learn.catalog import DEMOS, Console, Demo, Try


@pytest.fixture(scope="module", params=[False, True], ids=["uvicorn", "Daphne"])
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("server"), daphne=request.param)
    server.manage("migrate", "--verbosity", "0")
    yield server.start()
    server.stop()


@pytest.mark.parametrize("demo", [demo for demo in DEMOS.values() if demo.slug != "worker"], ids=lambda demo: demo.slug)
async def test_each_prepared_frame_brings_what_is_promised(server: Server, demo: Demo) -> None:
    for console in demo.consoles:
        for tried in console.tries:
            async with asyncio.timeout(10):
                if console.kind == "http":
                    await requested(server, console, tried)
                else:
                    await said(server, console, tried)


async def said(server: Server, console: Console, tried: Try) -> None:
    names = [Subprotocol(name.strip()) for name in tried.protocols.split(",") if name]
    heard = ""
    try:
        address = server.ws + (tried.path or console.path)
        async with client.connect(address, origin=Origin(server.url), subprotocols=names or None) as socket:
            if names and not socket.subprotocol:
                heard = "closed 1006"  # which is what a browser makes of names that are all passed over
            if tried.send:
                await socket.send(bytes.fromhex(tried.send) if tried.kind == "binary" else tried.send)
            if tried.close:
                await socket.close(tried.close)
                heard = f"closed {socket.close_code}"
            while tried.answer not in heard:
                frame = await socket.recv()
                heard = frame.hex(" ") if isinstance(frame, bytes) else frame
    except InvalidStatus as refused:
        heard = {403: "closed 1006"}[refused.response.status_code]  # which is what a browser makes of it
    except ConnectionClosed as closed:
        heard = f"closed {closed.rcvd.code if closed.rcvd else 1006}"
    assert tried.answer in heard


async def requested(server: Server, console: Console, tried: Try) -> None:
    async with (
        httpx.AsyncClient(base_url=server.url, headers={"origin": server.url}) as browser,
        browser.stream(tried.method, console.path, content=tried.send) as answer,
    ):
        heard = str(answer.status_code)
        while tried.answer not in heard:
            heard += await anext(answer.aiter_text())
    assert tried.answer in heard
