"""`PingConsumer`."""

import asyncio
import time

from learn.tests.conftest import Connect


async def test_ten_sockets_at_once_wait_together(connected: Connect) -> None:
    sockets = [await connected("ping/") for _ in range(10)]
    begun = time.monotonic()
    for socket in sockets:
        await socket.send_to(text_data="ping")
    answers = await asyncio.gather(*(socket.receive_from(timeout=3) for socket in sockets))
    assert answers == ["pong"] * 10
    assert 1 <= time.monotonic() - begun < 5, "one after the other they take ten seconds"


async def test_the_end_waits_for_the_answer(connected: Connect) -> None:
    socket = await connected("ping/")
    begun = time.monotonic()
    await socket.send_to(text_data="ping")
    await socket.send_input({"type": "websocket.disconnect", "code": 1000})
    assert await socket.receive_from(timeout=3) == "pong"
    await socket.wait(3)
    assert time.monotonic() - begun >= 1


async def test_on_one_connection_the_answers_come_one_after_the_other(connected: Connect) -> None:
    socket = await connected("ping/")
    begun = time.monotonic()
    for _ in range(2):
        await socket.send_to(text_data="ping")
    assert [await socket.receive_from(timeout=5) for _ in range(2)] == ["pong"] * 2
    assert time.monotonic() - begun >= 2
