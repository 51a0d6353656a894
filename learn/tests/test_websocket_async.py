"""`MyConsumer` on `AsyncWebsocketConsumer`."""

import asyncio
from collections.abc import Callable

import pytest

from e2e.servers import Server
from learn.tests.conftest import Connect, socket_to


async def test_text_and_bytes_come_back_as_they_are(connected: Connect) -> None:
    socket = await connected("websocket-async/")
    await socket.send_to(text_data="hello")
    assert await socket.receive_from() == "hello"
    await socket.send_to(bytes_data=bytes(range(256)))
    assert await socket.receive_from() == bytes(range(256))


async def test_what_is_for_all_reaches_everybody_in_the_group(connected: Connect) -> None:
    one, other = await connected("websocket-async/"), await connected("websocket-async/")
    await one.send_to(text_data="all hello")
    assert (await one.receive_from(), await other.receive_from()) == ("hello", "hello")


async def test_the_others_are_told_with_which_code_one_left(connected: Connect) -> None:
    one, other = await connected("websocket-async/"), await connected("websocket-async/")
    await one.disconnect(code=4001)
    assert await other.receive_from() == "[one left with 4001]"


@pytest.mark.parametrize("daphne", [False, True], ids=["uvicorn", "Daphne"])
async def test_a_line_that_is_cut_is_1006_to_the_consumer(serve: Callable[..., Server], daphne: bool) -> None:
    server = serve(daphne=daphne)
    async with socket_to(server, "websocket-async/") as one, asyncio.timeout(20):
        other = await socket_to(server, "websocket-async/")
        await other.send("hello")
        assert await other.recv() == "hello"
        other.transport.abort()  # no close frame
        assert await one.recv() == "[one left with 1006]"
