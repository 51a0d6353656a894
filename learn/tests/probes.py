"""Consumers that end, close and send in one way each, for real servers: `Server(application=PROBES)`.

Where the documentation of Channels has one it is as there. What a consumer hears it prints, and the test reads the log.
"""

import asyncio
import os
from typing import Any

import django
from channels.consumer import AsyncConsumer
from channels.generic.http import AsyncHttpConsumer
from channels.generic.websocket import AsyncWebsocketConsumer
from channels.routing import ProtocolTypeRouter, URLRouter
from django.urls import path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mysite.settings")
django.setup(set_prefix=False)

PROBES = "learn.tests.probes:application"


def note(text: str) -> None:
    print(text, flush=True)


class Heard(AsyncWebsocketConsumer):
    """Prints what it hears."""

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        note(f"heard {text_data!r}")

    async def disconnect(self, close_code: int) -> None:
        note(f"disconnect with {close_code}")


class NoDisconnect(AsyncConsumer):
    """The documentation's echo: it has no websocket_disconnect."""

    async def websocket_connect(self, event: dict[str, Any]) -> None:
        await self.send({"type": "websocket.accept"})

    async def websocket_receive(self, event: dict[str, Any]) -> None:
        await self.send({"type": "websocket.send", "text": event["text"]})


class NeverAccepts(Heard):
    async def connect(self) -> None:
        note("connect")


class TakesAnArgument(Heard):
    """As the documentation's log and its session consumer."""

    async def connect(self, message: Any) -> None: ...


class ShowsCookies(Heard):
    async def connect(self) -> None:
        await self.accept()
        await self.send(text_data=dict(self.scope["headers"]).get(b"cookie", b"none").decode())


class Refuses(Heard):
    async def connect(self) -> None:
        await self.close(code=4123)


class FailsInConnect(Heard):
    async def connect(self) -> None:
        raise KeyError("room")


class FailsInReceive(Heard):
    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        raise KeyError("message")


class FixedSubprotocol(Heard):
    async def connect(self) -> None:
        await self.accept("subprotocol")


class TextAsBytes(Heard):
    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        await self.send(bytes_data="Hello world!")


class Closes(Heard):
    """Slowly: what comes meanwhile is on its way already when it closes."""

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        note(f"heard {text_data!r}")
        if text_data == "close":
            await asyncio.sleep(0.5)
            await self.close(code=4123, reason="because")
            note("closed")


class Echoes(Heard):
    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        await self.send(text_data, bytes_data)


class SetsCookie(Heard):
    async def connect(self) -> None:
        await self.accept(headers=[(b"set-cookie", b"seen=yes")])


class LongGoodbye(Heard):
    async def disconnect(self, close_code: int) -> None:
        await asyncio.sleep(60)


class Leaks(Heard):
    async def connect(self) -> None:
        self.task = asyncio.create_task(asyncio.sleep(60))
        await self.accept()


class Clock(AsyncHttpConsumer):
    """The documentation's Server-Sent Events: the loop is inside handle()."""

    async def handle(self, body: bytes) -> None:
        await self.send_headers(headers=[(b"Content-Type", b"text/event-stream")])
        try:
            while True:
                note("tick")
                await self.send_body(b"data: tick\n\n", more_body=True)
                await asyncio.sleep(0.05)
        finally:
            note("the clock has stopped")


class Ready(AsyncHttpConsumer):
    """Whoever starts the server waits for this."""

    async def handle(self, body: bytes) -> None:
        await self.send_response(200, b"ok")


SOCKETS = {
    "heard": Heard,
    "no-disconnect": NoDisconnect,
    "never-accepts": NeverAccepts,
    "takes-an-argument": TakesAnArgument,
    "shows-cookies": ShowsCookies,
    "refuses": Refuses,
    "fails-in-connect": FailsInConnect,
    "fails-in-receive": FailsInReceive,
    "fixed-subprotocol": FixedSubprotocol,
    "text-as-bytes": TextAsBytes,
    "closes": Closes,
    "echoes": Echoes,
    "sets-cookie": SetsCookie,
    "long-goodbye": LongGoodbye,
    "leaks": Leaks,
}
application = ProtocolTypeRouter(
    {
        "http": URLRouter([path("clock/", Clock.as_asgi()), path("healthz", Ready.as_asgi())]),
        "websocket": URLRouter([path(f"{name}/", consumer.as_asgi()) for name, consumer in SOCKETS.items()]),
    }
)
