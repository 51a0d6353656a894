"""What a browser can know of a connection that ended: the codes, on uvicorn and on Daphne, that the pages name."""

import asyncio
from collections.abc import Iterator

import pytest
from websockets.asyncio import client
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.typing import Origin

from e2e.servers import Server
from learn.broken.twins import BROKEN, Broken
from learn.catalog import ROOT


@pytest.fixture(scope="module", params=[False, True], ids=["uvicorn", "Daphne"])
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("broken"), daphne=request.param, DEBUG="1", LEARN="1")
    server.manage("migrate", "--verbosity", "0")
    yield server.start()
    server.stop(timeout=30)


async def code_after(server: Server, path: str, *frames: str) -> int:
    """What a browser shows; 0 if the connection is still open after a while. An answer of HTTP is 1006 to it."""
    address = f"{server.ws}/ws/learn/{path}"
    try:
        async with client.connect(address, origin=Origin(server.url), close_timeout=1) as socket:
            for frame in frames:
                await socket.send(frame)
            async with asyncio.timeout(1.5):
                while True:
                    await socket.recv()
    except InvalidStatus as refused:
        return 1006 if refused.response.status_code in (403, 500) else 0
    except ConnectionClosed as closed:
        return closed.rcvd.code if closed.rcvd else 1006
    except TimeoutError:
        return 0


@pytest.mark.parametrize("broken", BROKEN, ids=lambda broken: broken.name)
async def test_a_broken_twin_is_seen_as_its_page_says(server: Server, broken: Broken) -> None:
    frames = [tried.send for tried in broken.tries if tried.send]
    assert await code_after(server, f"broken/{broken.name}/", *frames) == broken.code[server.daphne]
    if broken.name != "missing_await" or not server.daphne:
        assert broken.log in server.log.read_text()


async def test_a_refusal_and_an_exception_look_alike(server: Server) -> None:
    assert await code_after(server, "accept-refuse/?refuse") == 1006
    assert await code_after(server, "broken/exception_in_connect/") == 1006


async def test_a_code_needs_an_accepted_connection(server: Server) -> None:
    assert await code_after(server, "accept-refuse/", "close") == 4123


def test_the_console_names_each_cause_of_1006() -> None:
    script = (ROOT / "static" / "learn" / "socket.js").read_text()
    for cause in ("refused", "no route", "an exception", "a subprotocol that was not chosen", "the line broke"):
        assert cause in script


@pytest.mark.parametrize("broken", BROKEN, ids=lambda broken: broken.name)
def test_the_line_that_is_wrong_is_in_the_file(broken: Broken) -> None:
    lines = (ROOT / broken.file).read_text().splitlines()
    assert lines.count(broken.line) == 1
    assert broken.cured != broken.line
