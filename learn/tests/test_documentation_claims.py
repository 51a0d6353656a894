"""What the pages say of the documentation's own snippets and of Channels: what ends a connection, and what is lost."""

import asyncio
import json
import threading
from typing import Any

import pytest
from channels.consumer import AsyncConsumer, SyncConsumer
from channels.exceptions import ChannelFull
from channels.generic.http import AsyncHttpConsumer
from channels.generic.websocket import (
    AsyncJsonWebsocketConsumer,
    AsyncWebsocketConsumer,
    JsonWebsocketConsumer,
    WebsocketConsumer,
)
from channels.layers import InMemoryChannelLayer, get_channel_layer
from channels.security.websocket import AllowedHostsOriginValidator, OriginValidator
from channels.sessions import SessionMiddlewareStack
from channels.testing import HttpCommunicator, WebsocketCommunicator
from channels_redis.core import RedisChannelLayer
from django.contrib.sessions.models import Session

from chat.consumers import ChatConsumer
from e2e.services import Valkey
from e2e.tutorial.consumer import router
from learn.differs import DIFFERS
from learn.layers import NAMED
from learn.more import TOPICS
from learn.tests.conftest import Connect

MORE = {topic.title: topic.text for topic in TOPICS}


async def tutorial() -> WebsocketCommunicator:
    socket = WebsocketCommunicator(router, "/ws/chat/lobby/")
    assert (await socket.connect(timeout=5))[0]
    return socket


class Echo(SyncConsumer):
    """As the documentation has it: without websocket_disconnect."""

    def websocket_connect(self, event: dict[str, Any]) -> None:
        self.send({"type": "websocket.accept"})


class AsyncEcho(AsyncConsumer):
    """The same, asynchronous."""

    async def websocket_connect(self, event: dict[str, Any]) -> None:
        await self.send({"type": "websocket.accept"})


@pytest.mark.parametrize(("demo", "consumer"), [("echo-sync", Echo), ("echo-async", AsyncEcho), ("ping", AsyncEcho)])
async def test_without_websocket_disconnect_each_connection_that_ends_is_an_error(demo: str, consumer: Any) -> None:
    assert "The documentation's class has no websocket_disconnect" in " ".join(DIFFERS[demo])
    socket = WebsocketCommunicator(consumer.as_asgi(), "/")
    assert (await socket.connect(timeout=5))[0]
    with pytest.raises(ValueError, match="No handler for message type"):
        await socket.disconnect()


@pytest.mark.parametrize("demo", ["group-sync", "group-async", "json-echo"])
def test_the_pages_say_what_ends_the_tutorials_connection(demo: str) -> None:
    said = " ".join(DIFFERS[demo])
    assert "In the tutorial a frame that is not JSON ends the connection." in said
    assert "a binary frame ends it with a TypeError" in said


async def test_in_the_tutorial_a_frame_that_is_not_json_ends_the_connection() -> None:
    socket = await tutorial()
    await socket.send_to(text_data="hello")
    with pytest.raises(json.JSONDecodeError):
        await socket.wait(5)


async def test_in_the_tutorial_a_binary_frame_ends_the_connection() -> None:
    socket = await tutorial()
    await socket.send_to(bytes_data=b"\x01")
    with pytest.raises(TypeError):
        await socket.wait(5)


@pytest.mark.parametrize("base", [JsonWebsocketConsumer, AsyncJsonWebsocketConsumer])
async def test_in_channels_text_that_is_no_json_ends_the_connection_of_a_json_consumer(base: Any) -> None:
    assert "In Channels, text that is not JSON raises an exception that ends the connection." in " ".join(
        DIFFERS["json"]
    )
    socket = WebsocketCommunicator(base.as_asgi(), "/")
    assert (await socket.connect(timeout=5))[0]
    await socket.send_to(text_data="hello")
    with pytest.raises(json.JSONDecodeError):
        await socket.wait(5)


async def test_receive_without_bytes_data_ends_with_a_binary_frame() -> None:
    """The documentation's introduction has receive(self, *, text_data)."""

    class Named(WebsocketConsumer):  # type: ignore[misc]
        def receive(self, *, text_data: str) -> None: ...

    assert "a binary frame ends the connection with a TypeError" in " ".join(DIFFERS["chat-name"])
    socket = WebsocketCommunicator(Named.as_asgi(), "/")
    assert (await socket.connect(timeout=5))[0]
    await socket.send_to(bytes_data=b"\x01")
    with pytest.raises(TypeError):
        await socket.wait(5)


@pytest.mark.parametrize("base", [WebsocketConsumer, AsyncWebsocketConsumer])
async def test_groups_are_joined_on_connect_and_left_on_disconnect(base: Any) -> None:
    """And not after an exception: a group then keeps the channel of one who has gone."""

    class Grouped(base):  # type: ignore[misc]
        groups = ("broadcast",)

    layer: Any = get_channel_layer()
    for code, left in ((1000, 0), (None, 1)):
        socket = WebsocketCommunicator(Grouped.as_asgi(), "/")
        await socket.connect(timeout=5)
        assert len(layer.groups["broadcast"]) == 1
        if code:
            await socket.disconnect(code)
        else:
            await socket.send_input({"type": "an.event"})
            with pytest.raises(ValueError, match="No handler"):
                await socket.wait(5)
        assert len(layer.groups.get("broadcast", ())) == left


async def test_demos_with_rooms_of_the_same_name_do_not_hear_each_other(connected: Connect) -> None:
    assert "so that demos do not hear each other" in " ".join(DIFFERS["group-async"])
    one, another = await connected("group-sync/lobby/"), await connected("group-async/lobby/")
    await one.send_json_to({"message": "hello"})
    assert await one.receive_json_from(timeout=5) == {"message": "hello"}
    assert await another.receive_nothing()


@pytest.mark.parametrize(
    ("hosts", "origin", "passes"),
    [
        (["here.example"], "https://here.example", True),
        (["here.example"], "http://here.example:8000", True),  # scheme and port are ignored
        (["here.example"], "https://elsewhere.example", False),
        (["*"], "https://elsewhere.example", True),
    ],
)
async def test_the_validator_of_allowed_hosts_looks_at_the_host_alone(
    settings: Any, hosts: list[str], origin: str, passes: bool
) -> None:
    settings.ALLOWED_HOSTS = hosts
    application = AllowedHostsOriginValidator(AsyncWebsocketConsumer.as_asgi())
    socket = WebsocketCommunicator(application, "/", [(b"origin", origin.encode())])
    assert (await socket.connect(timeout=5))[0] is passes
    await socket.disconnect()
    assert "ignores scheme and port, and accepts all origins if ALLOWED_HOSTS is *" in " ".join(DIFFERS["routing"])


@pytest.mark.parametrize("origin", ["https://here.example:8000", "http://here.example", "https://here.example"])
async def test_the_other_validator_wants_scheme_and_port(origin: str) -> None:
    application = OriginValidator(AsyncWebsocketConsumer.as_asgi(), ["https://here.example"])
    socket = WebsocketCommunicator(application, "/", [(b"origin", origin.encode())])
    assert (await socket.connect(timeout=5))[0] is (origin == "https://here.example")
    await socket.disconnect()


async def test_a_session_is_saved_by_an_http_answer_and_not_at_the_handshake() -> None:
    class Sets(AsyncWebsocketConsumer):  # type: ignore[misc]
        async def connect(self) -> None:
            self.scope["session"]["seen"] = True
            await self.accept()

    class SetsByHttp(AsyncHttpConsumer):  # type: ignore[misc]
        async def handle(self, body: bytes) -> None:
            self.scope["session"]["seen"] = True
            await self.send_response(200, b"")

    assert "nothing saves it for you, not even the handshake" in MORE["SessionMiddlewareStack"]
    socket = WebsocketCommunicator(SessionMiddlewareStack(Sets.as_asgi()), "/")
    await socket.send_input({"type": "websocket.connect"})
    accepted = await socket.receive_output(timeout=5)
    await socket.disconnect()
    assert not accepted.get("headers")
    assert await Session.objects.acount() == 0
    request = HttpCommunicator(SessionMiddlewareStack(SetsByHttp.as_asgi()), "GET", "/")
    answer = await request.get_response(timeout=5)
    assert b"Set-Cookie" in dict(answer["headers"])
    assert await Session.objects.acount() == 1


@pytest.mark.parametrize("base", [WebsocketConsumer, AsyncWebsocketConsumer])
async def test_connections_that_are_too_old_are_closed_before_each_event(
    base: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = []

    async def aclose() -> None:
        closed.append("async")

    monkeypatch.setattr("channels.consumer.aclose_old_connections", aclose)
    monkeypatch.setattr("channels.db.close_old_connections", lambda: closed.append("sync"))
    socket = WebsocketCommunicator(base.as_asgi(), "/")
    await socket.connect(timeout=5)
    await socket.send_to(text_data="hello")
    await socket.disconnect()
    assert len(closed) >= 3  # connect, receive, disconnect
    assert "before each event" in MORE["aclose_old_connections"]


async def test_in_the_tutorial_a_number_is_handed_on_as_it_is() -> None:
    socket = await tutorial()
    await socket.send_to(text_data='{"message": 1}')
    assert await socket.receive_from(timeout=5) == '{"message": 1}'
    await socket.disconnect()
    assert "hands on whatever the message is, also a number" in " ".join(DIFFERS["group-async"])


async def test_a_rooms_name_that_no_group_may_have_ends_in_an_exception() -> None:
    class Named(AsyncWebsocketConsumer):  # type: ignore[misc]
        async def connect(self) -> None:
            await self.channel_layer.group_add("chat_花", self.channel_name)

    socket = WebsocketCommunicator(Named.as_asgi(), "/")
    with pytest.raises(TypeError, match="Group name must be a valid unicode string"):
        await socket.connect(timeout=5)
    assert "such a room ends in an exception" in " ".join(DIFFERS["group-async"])


async def test_an_event_without_a_handler_ends_the_connection() -> None:
    class Silent(AsyncWebsocketConsumer):  # type: ignore[misc]
        groups = ("broadcast",)

    socket = WebsocketCommunicator(Silent.as_asgi(), "/")
    await socket.connect(timeout=5)
    layer = get_channel_layer()
    assert layer
    await layer.group_send("broadcast", {"type": "broadcast.message"})
    with pytest.raises(ValueError, match=r"No handler for message type broadcast\.message"):
        await socket.wait(5)
    assert "No handler for message type" in " ".join(DIFFERS["websocket-sync"])
    assert "which ends the connection" in MORE["Handlers' names"]


async def test_an_http_consumer_is_over_after_handle_and_hears_no_event() -> None:
    heard = []

    class Polled(AsyncHttpConsumer):  # type: ignore[misc]
        async def handle(self, body: bytes) -> None:
            await self.send_headers()
            heard.append(self.channel_name)

        async def chat_message(self, event: dict[str, Any]) -> None:
            heard.append("an event")

    request = HttpCommunicator(Polled.as_asgi(), "GET", "/")
    request.scope["headers"] = []
    await request.send_input({"type": "http.request", "body": b""})
    await request.wait(5)  # raises what the consumer raises: it has stopped
    layer = get_channel_layer()
    assert layer
    await layer.send(heard[0], {"type": "chat.message"})
    assert len(heard) == 1
    assert "so the documentation's chat_message never runs" in " ".join(DIFFERS["long-poll"])


async def test_a_send_without_await_sends_nothing() -> None:
    layer = InMemoryChannelLayer()
    layer.send("jobs", {"type": "a.job"}).close()  # what the documentation makes and nobody awaits
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(layer.receive("jobs"), 0.1)
    assert "without await, which sends nothing" in " ".join(DIFFERS["worker"])


async def test_all_synchronous_consumers_have_one_thread() -> None:
    threads = set()

    class Sync(WebsocketConsumer):  # type: ignore[misc]
        def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
            threads.add(threading.get_ident())
            self.send(text_data="done")

    sockets = [WebsocketCommunicator(Sync.as_asgi(), "/") for _ in range(3)]
    for socket in sockets:
        await socket.connect(timeout=5)
        await socket.send_to(text_data="go")
    for socket in sockets:
        await socket.receive_from(timeout=5)
        await socket.disconnect()
    assert len(threads) == 1
    assert "share one thread by default" in MORE["Sync or async"]


async def test_in_the_core_layer_a_channel_whose_name_matches_has_a_capacity_of_its_own(redis: Valkey) -> None:
    layer = RedisChannelLayer([redis.url], channel_capacity={"jobs-*": 2})
    for _ in range(2):
        await layer.send("jobs-1", {"type": "a.job"})
    with pytest.raises(ChannelFull):
        await layer.send("jobs-1", {"type": "a.job"})
    for _ in range(3):
        await layer.send("another", {"type": "a.job"})
    await layer.flush()


async def test_the_in_memory_layer_takes_that_setting_and_fails() -> None:
    layer = InMemoryChannelLayer(channel_capacity={"jobs-*": 2})
    with pytest.raises(ValueError, match="unpack"):
        await layer.send("jobs-1", {"type": "a.job"})
    assert "raises a ValueError" in dict(NAMED)["channel_capacity"]


async def test_without_an_alias_a_consumer_has_no_layer_and_no_channel() -> None:
    seen = {}

    class Alone(AsyncWebsocketConsumer):  # type: ignore[misc]
        channel_layer_alias = None

        async def connect(self) -> None:
            seen.update(vars(self))
            await self.accept()

    socket = WebsocketCommunicator(Alone.as_asgi(), "/")
    await socket.connect(timeout=5)
    await socket.disconnect()
    assert seen["channel_layer"] is None
    assert "channel_name" not in seen
    assert ChatConsumer.channel_layer_alias is None
