"""What the page of broken twins says beside a close code: what stays in memory, what is logged, who else is hit."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from channels.generic.websocket import AsyncWebsocketConsumer
from channels.testing import WebsocketCommunicator
from websockets.exceptions import ConnectionClosed

from e2e.faults.harness import until
from e2e.servers import Server
from learn.broken import leaking_task, no_stop_consumer
from learn.broken.twins import BROKEN
from learn.demos.echo_async import EchoConsumer
from learn.tests.conftest import socket_to

Serve = Callable[..., Server]
TOO_LONG = "took too long to shut down and was killed"  # Daphne, ten seconds after the connection has ended
PAGE = {broken.name: broken for broken in BROKEN}


async def ends(application: Any) -> bool:
    """Whether the consumer does, once its connection has."""
    socket = WebsocketCommunicator(application, "/")
    await socket.connect(timeout=5)
    await socket.send_input({"type": "websocket.disconnect", "code": 1000})
    done, _ = await asyncio.wait([socket.future], timeout=1)
    if not done:
        socket.future.cancel()
        await asyncio.wait([socket.future])
    return bool(done)


async def test_without_stop_consumer_the_consumer_stays_in_memory() -> None:
    assert await ends(EchoConsumer.as_asgi())
    assert await ends(AsyncWebsocketConsumer.as_asgi())  # the generic consumers raise it for you
    assert not await ends(no_stop_consumer.EchoConsumer.as_asgi())


async def test_daphne_ends_a_consumer_that_does_not_stop_after_ten_seconds(serve: Serve) -> None:
    server = serve(daphne=True, DEBUG="1")
    async with socket_to(server, "broken/no_stop_consumer/") as socket:
        await socket.send("hello")
        assert await socket.recv() == "hello"
    await until(lambda: TOO_LONG in server.log.read_text(), "Daphne's word", 30)
    assert "Daphne logs after ten seconds that it took too long" in PAGE["no_stop_consumer"].seen


async def test_uvicorn_waits_for_it_when_it_stops(serve: Serve) -> None:
    server = serve(DEBUG="1")
    async with socket_to(server, "broken/no_stop_consumer/") as socket:
        await socket.send("hello")
        assert await socket.recv() == "hello"
    server.stop(timeout=60)
    assert "timeout graceful shutdown exceeded" in server.log.read_text()
    assert "uvicorn waits for it when it stops" in PAGE["no_stop_consumer"].seen


async def test_a_task_that_nobody_ends_runs_on_without_its_connection() -> None:
    running = len(leaking_task.ClockConsumer.ticking)
    socket = WebsocketCommunicator(leaking_task.ClockConsumer.as_asgi(), "/")
    await socket.connect(timeout=5)
    await socket.disconnect()
    again = WebsocketCommunicator(leaking_task.ClockConsumer.as_asgi(), "/")
    await again.connect(timeout=5)
    await again.send_to(text_data="how many?")
    assert await again.receive_from(timeout=5) == f"tasks running: {running + 2}"
    await again.disconnect()
    tasks = set(leaking_task.ClockConsumer.ticking)
    assert sum(not task.done() for task in tasks) >= 2
    for task in tasks:
        task.cancel()
    leaking_task.ClockConsumer.ticking.clear()


@pytest.mark.parametrize("daphne", [False, True], ids=["uvicorn", "Daphne"])
async def test_a_type_that_no_method_has_ends_everybody_in_the_group(serve: Serve, daphne: bool) -> None:
    server = serve(daphne=daphne, DEBUG="1")
    async with socket_to(server, "broken/mistyped_type/") as one, socket_to(server, "broken/mistyped_type/") as another:
        for _ in range(2):  # both have been added to the group when their handshakes were answered
            with suppress(ConnectionClosed):
                await one.send("hello")
        for socket in (one, another):
            with pytest.raises(ConnectionClosed) as ended:
                await asyncio.wait_for(socket.recv(), 10)
            code = ended.value.rcvd.code if ended.value.rcvd else 1006
            assert code == PAGE["mistyped_type"].code[daphne]


async def test_an_await_that_is_missing_is_a_warning_that_daphne_swallows(serve: Serve) -> None:
    logs = []
    for daphne in (False, True):
        server = serve(daphne=daphne, DEBUG="1")
        async with socket_to(server, "broken/missing_await/") as socket:
            await socket.send("hello")
            pong = await socket.ping()
            await asyncio.wait_for(pong, 5)
        server.stop()
        logs.append(server.log.read_text())
    assert [PAGE["missing_await"].log in log for log in logs] == [True, False]
    assert "Daphne swallows the warning" in PAGE["missing_await"].seen
