"""The classroom is open to anybody, so what it may cost the rooms beside it is bounded."""

import asyncio
from typing import Any

import pytest
from channels.testing import HttpCommunicator, WebsocketCommunicator

from chat.protocol import TRY_AGAIN_LATER
from learn import guard
from learn.demos.echo_async import EchoConsumer
from learn.demos.http_basic import BasicHttpConsumer
from learn.guard import Guarded
from learn.tests.conftest import Connect


async def test_a_frame_that_is_too_big_ends_the_connection(connected: Connect) -> None:
    socket = await connected("echo-async/")
    await socket.send_to(text_data="x" * (guard.FRAME_MAX + 1))
    assert await socket.receive_output() == {"type": "websocket.close", "code": 1009}


async def test_frames_come_no_faster_than_a_person_clicks(connected: Connect) -> None:
    socket = await connected("echo-async/")
    begun = asyncio.get_running_loop().time()
    for number in range(10):
        await socket.send_to(text_data=str(number))
    assert [await socket.receive_from() for _ in range(10)] == [str(number) for number in range(10)]
    assert asyncio.get_running_loop().time() - begun >= 9 * guard.PACE


async def test_when_it_is_full_a_newcomer_is_told_so() -> None:
    guarded = Guarded(EchoConsumer.as_asgi())
    guarded.open = guard.SOCKETS_MAX
    socket = WebsocketCommunicator(guarded, "/")
    assert (await socket.connect())[0]
    assert "full" in await socket.receive_from()
    assert (await socket.receive_output())["code"] == TRY_AGAIN_LATER


async def test_who_leaves_makes_room() -> None:
    guarded = Guarded(EchoConsumer.as_asgi())
    socket = WebsocketCommunicator(guarded, "/")
    await socket.connect()
    assert guarded.open == 1
    await socket.disconnect()
    assert guarded.open == 0


async def test_one_who_does_not_read_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "PATIENCE", 0.05)

    class Line:
        """A server's connection whose client takes nothing."""

        aborted = False

        def __init__(self) -> None:
            self.transport = self

        async def send(self, event: dict[str, Any]) -> None:
            await asyncio.Event().wait()

        def abort(self) -> None:
            self.aborted = True

    line = Line()
    _, patient = guard.guarded(None, line.send)
    await patient({"type": "websocket.send", "text": "hello"})
    assert line.aborted


async def test_one_who_has_gone_leaves_the_consumer_to_hear_of_it() -> None:
    async def gone(event: dict[str, Any]) -> None:
        raise OSError("the client has gone")

    _, patient = guard.guarded(None, gone)
    await patient({"type": "websocket.send", "text": "hello"})


async def test_a_body_without_end_is_not_kept() -> None:
    request = HttpCommunicator(Guarded(BasicHttpConsumer.as_asgi()), "POST", "/")
    for _ in range(3):
        await request.send_input({"type": "http.request", "body": b"x" * 30_000, "more_body": True})
    await request.wait()  # it has ended, and not by an answer
    assert await request.receive_nothing()
