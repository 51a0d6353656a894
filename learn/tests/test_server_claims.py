"""What the classroom says of servers: how uvicorn and Daphne accept, close, fail, wait and end."""

import asyncio
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.asyncio import client
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus

from e2e.faults.harness import until
from e2e.servers import Server
from learn.differs import DIFFERS
from learn.more import TOPICS
from learn.tests.conftest import socket_to
from learn.tests.probes import PROBES

Serve = Callable[..., Server]
MORE = {topic.title: topic.text for topic in TOPICS}
TOO_LONG = "took too long to shut down and was killed"


@pytest.fixture(scope="module", params=[False, True], ids=["uvicorn", "Daphne"])
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("probes"), daphne=request.param, application=PROBES)
    yield server.start()
    server.stop(timeout=30)


@pytest.fixture(params=[False, True], ids=["uvicorn", "Daphne"])
def mortal(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Server]:
    """One that a test ends."""
    server = Server(tmp_path, daphne=request.param, application=PROBES)
    yield server.start()
    server.kill()


def to(server: Server, probe: str, **options: Any) -> client.connect:
    return client.connect(f"{server.ws}/{probe}/", **options)


async def logged(server: Server, text: str, seconds: float = 10) -> None:
    await until(lambda: text in server.log.read_text(), text, seconds)


NOT_ACCEPTED = {"refuses": 403, "fails-in-connect": 500, "takes-an-argument": 500, "no-such-route": 500}


@pytest.mark.parametrize(("probe", "status"), NOT_ACCEPTED.items())
async def test_what_ends_before_accept_is_answered_by_http(server: Server, probe: str, status: int) -> None:
    """So no code can arrive, not that of `close(code=4123)` either."""
    with pytest.raises(InvalidStatus) as answer:
        await to(server, probe)
    assert answer.value.response.status_code == status


async def test_an_argument_that_nobody_passes_is_an_error_in_connect(server: Server) -> None:
    with pytest.raises(InvalidStatus):
        await to(server, "takes-an-argument")
    await logged(server, "missing 1 required positional argument: 'message'")
    for demo in ("log", "sessions"):
        assert "connect(self, " in " ".join(DIFFERS[demo])


async def test_until_accept_the_handshake_is_not_answered(server: Server) -> None:
    with pytest.raises(TimeoutError):
        await to(server, "never-accepts", open_timeout=2)
    assert "connect\n" in server.log.read_text()  # the consumer has had its event


async def test_a_subprotocol_that_was_not_offered_lets_no_connection_open(server: Server) -> None:
    """On uvicorn the client ends it; Daphne never answers, and gives up after five seconds."""
    with pytest.raises((InvalidHandshake, EOFError)):
        await to(server, "fixed-subprotocol", open_timeout=20)
    async with to(server, "fixed-subprotocol", subprotocols=["subprotocol"]) as socket:
        assert socket.subprotocol == "subprotocol"


async def test_without_websocket_disconnect_the_server_logs_an_error(server: Server) -> None:
    async with to(server, "no-disconnect") as socket:
        await socket.send("hello")
        assert await socket.recv() == "hello"
    await logged(server, "No handler for message type websocket.disconnect")


@pytest.mark.parametrize("probe", ["text-as-bytes", "fails-in-receive"])
async def test_an_exception_in_an_open_connection_ends_it(server: Server, probe: str) -> None:
    async with to(server, probe) as socket:
        await socket.send("hello")
        with pytest.raises(ConnectionClosed) as ended:
            await asyncio.wait_for(socket.recv(), 10)
    code = ended.value.rcvd.code if ended.value.rcvd else 1006
    assert code == (1011 if server.daphne else 1006)
    assert "1011 on Daphne and 1006 on uvicorn" in MORE["Daphne and uvicorn"]


async def test_a_close_carries_its_code_and_on_uvicorn_its_reason(server: Server) -> None:
    async with to(server, "closes") as socket:
        await socket.send("close")
        with pytest.raises(ConnectionClosed) as ended:
            await asyncio.wait_for(socket.recv(), 10)
    assert ended.value.rcvd
    assert (ended.value.rcvd.code, ended.value.rcvd.reason) == (4123, "" if server.daphne else "because")
    assert "(Daphne sends the code alone.)" in " ".join(DIFFERS["routing"])


async def test_after_its_close_a_consumer_still_hears_what_was_on_its_way(server: Server) -> None:
    """And then the end, with the code that it closed with. What uvicorn has not read by then it discards."""
    async with to(server, "closes") as socket:
        for text in ("close", "one"):
            await socket.send(text)
        with suppress(ConnectionClosed):
            await asyncio.wait_for(socket.recv(), 10)
    order = re.compile("closed\n.*heard 'one'\n.*disconnect with 4123\n", re.DOTALL)
    await until(lambda: bool(order.search(server.log.read_text())), "what was on its way, then the end", 10)


async def test_a_header_of_accept_arrives_on_uvicorn_alone(server: Server) -> None:
    async with to(server, "sets-cookie") as socket:
        assert socket.response
        assert socket.response.headers.get("set-cookie") == (None if server.daphne else "seen=yes")
    assert "Daphne does not send the headers given to accept" in MORE["Daphne and uvicorn"]


async def test_an_empty_frame_comes_back_on_uvicorn_alone(server: Server) -> None:
    for empty in ("", b""):
        async with to(server, "echoes") as socket:
            await socket.send(empty)
            await socket.send("hello")
            heard = [await asyncio.wait_for(socket.recv(), 10)]
            if heard != ["hello"]:
                heard.append(await asyncio.wait_for(socket.recv(), 10))
        assert heard == (["hello"] if server.daphne else [empty, "hello"])
    assert "nor an empty frame" in MORE["Daphne and uvicorn"]


async def test_a_clock_inside_handle_ticks_for_nobody_until_daphne_ends_it(server: Server) -> None:
    """There, too, are the consumers that Daphne finds too slow to end: a handler that waits, and not a task alone."""
    async with httpx.AsyncClient(base_url=server.url) as browser, browser.stream("GET", "/clock/") as answer:
        await anext(answer.aiter_lines())
    for probe in ("long-goodbye", "leaks"):
        async with to(server, probe):
            pass
    ticks = server.log.read_text().count("tick\n")
    await until(lambda: server.log.read_text().count("tick\n") > ticks + 40, "the clock", 20)
    if not server.daphne:
        assert "the clock has stopped" not in server.log.read_text()
        return
    await until(lambda: len(too_long(server)) >= 2, "Daphne's word", 30)
    await logged(server, "the clock has stopped")
    assert sorted(re.findall("clock|goodbye|leaks", " ".join(too_long(server)))) == ["clock", "goodbye"]
    assert "Daphne cancels it ten seconds after" in " ".join(DIFFERS["sse"])


def too_long(server: Server) -> list[str]:
    return [line for line in server.log.read_text().splitlines() if TOO_LONG in line]


async def test_a_server_that_is_stopped_lets_disconnect_run_on_uvicorn_alone(mortal: Server) -> None:
    ended = await connected_until(mortal, lambda: mortal.stop(30))
    if mortal.daphne:
        assert ended is None  # a browser shows 1006
        assert "disconnect with" not in mortal.log.read_text()
    else:
        assert ended == 1012
        assert "disconnect with 1012" in mortal.log.read_text()
    assert "Daphne cancels them, and none runs" in MORE["Daphne and uvicorn"]


async def test_when_a_process_is_killed_no_disconnect_runs(mortal: Server) -> None:
    assert await connected_until(mortal, mortal.kill) is None
    assert "disconnect with" not in mortal.log.read_text()


async def connected_until(server: Server, end: Callable[[], object]) -> int | None:
    """With which code the connection of a consumer ends, None without one."""
    async with to(server, "heard") as socket:
        await socket.send("hello")
        await logged(server, "heard 'hello'")
        await asyncio.to_thread(end)
        with pytest.raises(ConnectionClosed) as ended:
            await asyncio.wait_for(socket.recv(), 10)
    return ended.value.rcvd.code if ended.value.rcvd else None


async def test_the_demo_of_sessions_knows_a_visitor_again_on_uvicorn_alone(serve: Serve) -> None:
    assert [await second_greeting(serve(daphne=daphne)) for daphne in (False, True)] == [
        "visit 2, user AnonymousUser",
        "visit 1, user AnonymousUser",
    ]
    assert "there each visit is the first" in " ".join(DIFFERS["sessions"])


async def second_greeting(server: Server) -> str:
    async with socket_to(server, "sessions/") as first:
        assert first.response
        cookie = first.response.headers.get("set-cookie", "").partition(";")[0]
        assert await first.recv() == "visit 1, user AnonymousUser"
    headers = {"Origin": server.url} | ({"Cookie": cookie} if cookie else {})
    async with client.connect(f"{server.ws}/ws/learn/sessions/", additional_headers=headers) as second:
        return str(await second.recv())
