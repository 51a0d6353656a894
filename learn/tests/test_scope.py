"""The scope, by WebSocket and by HTTP."""

import json

from channels.testing import HttpCommunicator

from conftest import HOST
from learn.tests.conftest import Connect
from mysite.asgi import application


async def test_a_socket_sees_what_server_middleware_and_routing_know_of_it(connected: Connect) -> None:
    socket = await connected("scope/here/?a=1", "chat.v1", headers=[(b"cookie", b"theme=dark")])
    seen = json.loads(await socket.receive_from())
    assert seen["type"] == "websocket"
    assert seen["path"] == "/ws/learn/scope/here/"
    assert seen["query_string"] == "a=1"
    assert seen["subprotocols"] == ["chat.v1"]
    assert seen["cookies"] == ["theme"]
    assert seen["session"] == []
    assert seen["user"] == "AnonymousUser"
    assert seen["url_route"] == {"here": "here"}
    assert seen["headers"]["host"] == "localhost"
    await socket.send_to(text_data="again")
    assert json.loads(await socket.receive_from()) == seen


async def test_a_request_has_a_method_besides() -> None:
    answer = await HttpCommunicator(application, "GET", "/learn/scope/live/here/", headers=[HOST]).get_response()
    seen = json.loads(answer["body"])
    assert (seen["type"], seen["method"], seen["url_route"]) == ("http", "GET", {"here": "here"})


async def test_a_cookie_stays_a_secret(connected: Connect) -> None:
    socket = await connected("scope/here/", headers=[(b"cookie", b"chat_session=do-not-tell")])
    assert "do-not-tell" not in await socket.receive_from()
