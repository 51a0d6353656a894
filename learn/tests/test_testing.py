"""The four tools with which consumers are tested, one test each."""

from collections.abc import Callable

from channels.testing import ApplicationCommunicator, HttpCommunicator, WebsocketCommunicator

from e2e.servers import Server
from learn.demos.http_basic import BasicHttpConsumer
from learn.demos.testing import MyConsumer
from learn.tests.conftest import socket_to


async def test_raw_events_by_application_communicator() -> None:
    application = ApplicationCommunicator(MyConsumer.as_asgi(), {"type": "websocket", "subprotocols": []})
    await application.send_input({"type": "websocket.connect"})
    assert (await application.receive_output())["type"] == "websocket.accept"
    assert await application.receive_nothing()
    await application.send_input({"type": "websocket.disconnect", "code": 1000})
    await application.wait()  # the consumer has ended


async def test_frames_by_websocket_communicator() -> None:
    socket = WebsocketCommunicator(MyConsumer.as_asgi(), "/", subprotocols=["hello"])
    assert await socket.connect() == (True, "hello")
    await socket.send_json_to({"add": [1, 2]})
    assert await socket.receive_json_from() == {"sum": 3}
    await socket.send_to(text_data="nonsense")
    assert (await socket.receive_output())["code"] == 4400
    await socket.disconnect()


async def test_a_request_by_http_communicator() -> None:
    request = HttpCommunicator(BasicHttpConsumer.as_asgi(), "GET", "/")
    answer = await request.get_response(timeout=2)
    assert (answer["status"], answer["body"]) == (200, b"Your response bytes")


async def test_what_a_user_sees_on_a_live_server(serve: Callable[..., Server]) -> None:
    # A process of its own, as in production; e2e/ puts a real browser before it.
    async with socket_to(serve(), "testing/") as socket:
        await socket.send('{"add": [20, 22]}')
        assert await socket.recv() == '{"sum": 42}'
