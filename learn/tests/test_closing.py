"""The three ways in which a connection ends."""

import asyncio

from channels.testing import WebsocketCommunicator

from learn.demos.closing import ClosingConsumer
from learn.tests.conftest import Connect


async def running(socket: WebsocketCommunicator) -> str:
    await socket.send_to(text_data="count")
    return await socket.receive_from()


async def test_a_task_ends_with_its_connection(connected: Connect) -> None:
    one, other = await connected("closing/"), await connected("closing/")
    assert await running(one) == "tasks running: 2"
    await other.disconnect()
    assert await running(one) == "tasks running: 1"


async def test_it_closes_with_a_code(connected: Connect) -> None:
    socket = await connected("closing/")
    await socket.send_to(text_data="close")
    assert await socket.receive_output() == {"type": "websocket.close", "code": 4001}


async def test_after_an_exception_the_task_is_cleaned_up_although_no_disconnect_runs(connected: Connect) -> None:
    socket = await connected("closing/")
    assert await running(socket) == "tasks running: 1"
    await socket.send_to(text_data="crash")
    assert (await socket.receive_output())["code"] == 1011
    await asyncio.wait_for(socket.wait(), 2)
    assert not ClosingConsumer.running
