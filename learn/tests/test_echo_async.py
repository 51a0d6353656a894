"""`EchoConsumer`, asynchronous."""

import pytest
from channels.testing import ApplicationCommunicator

from learn.demos.echo_async import EchoConsumer
from learn.tests.conftest import Connect


@pytest.mark.parametrize("frame", [{"text": "hello"}, {"text": ""}, {"text": "学习 🙂"}, {"bytes": bytes(range(256))}])
async def test_what_comes_in_goes_out_again(connected: Connect, frame: dict[str, object]) -> None:
    socket = await connected("echo-async/")
    await socket.send_input({"type": "websocket.receive", **frame})
    answer = await socket.receive_output()
    assert {name: answer[name] for name in frame} == frame


async def test_it_ends_with_its_connection() -> None:
    application = ApplicationCommunicator(EchoConsumer.as_asgi(), {"type": "websocket"})
    await application.send_input({"type": "websocket.connect"})
    assert await application.receive_output() == {"type": "websocket.accept"}
    await application.send_input({"type": "websocket.disconnect", "code": 1000})
    await application.wait()  # it would time out if the instance stayed
