"""The lane of the tutorial: `learn.demos.group_async.ChatConsumer` as it is, for Ann, Bo and Cy on two servers."""

import asyncio
import json
from contextlib import suppress
from typing import Any
from uuid import uuid4

from channels.layers import channel_layers

from learn.demos.group_async import ChatConsumer
from learn.lab.layer import Port, Shared
from learn.lab.reader import Reader


class Socket:
    """A browser and its connection to one server."""

    def __init__(self, consumer: type[ChatConsumer], reader: Reader) -> None:
        self.consumer, self.reader = consumer, reader
        self._serving: asyncio.Task[None] | None = None

    async def connect(self) -> None:
        """Until it is accepted, or has failed."""
        self._inbox: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._inbox.put_nowait({"type": "websocket.connect"})
        self._accepted = asyncio.Event()
        scope = {"type": "websocket", "url_route": {"kwargs": {"room_name": "lab"}}}
        self._serving = asyncio.create_task(self.consumer.as_asgi()(scope, self._inbox.get, self._take))
        self._serving.add_done_callback(_seen)
        accepted = asyncio.create_task(self._accepted.wait())
        await asyncio.wait({self._serving, accepted}, return_when=asyncio.FIRST_COMPLETED)
        accepted.cancel()

    async def _take(self, event: dict[str, Any]) -> None:
        if event["type"] == "websocket.accept":
            self._accepted.set()
        elif event["type"] == "websocket.send":
            await self.reader.reads.wait()
            self.reader.hears(int(json.loads(event["text"])["message"]))

    @property
    def is_open(self) -> bool:
        return self._serving is not None and not self._serving.done()

    def say(self, number: int) -> None:
        self._inbox.put_nowait({"type": "websocket.receive", "text": json.dumps({"message": str(number)})})

    async def cut(self) -> None:
        """The server hears that the line has broken."""
        if self._serving:
            self._inbox.put_nowait({"type": "websocket.disconnect", "code": 1006})
            with suppress(Exception):
                await asyncio.wait_for(self._serving, 1)

    async def kill(self) -> None:
        """The process is gone: `disconnect` is not called."""
        if self._serving:
            self._serving.cancel()
            await asyncio.gather(self._serving, return_exceptions=True)


def _seen(serving: asyncio.Task[None]) -> None:
    """A consumer that fails is what is to be shown; a server would log it."""
    if not serving.cancelled():
        serving.exception()


class TutorialLane:
    def __init__(self) -> None:
        self.shared = Shared()
        self.ports = {"A": Port(self.shared), "B": Port(self.shared)}
        self.ann, self.bo = Reader(), Reader()
        self._key = uuid4().hex
        self.breaks = False  # the next event in Bo's handler
        for server, port in self.ports.items():
            channel_layers.set(self._alias(server), port)
        self._ann = Socket(self._consumer("A"), self.ann)
        self._bo = Socket(self._consumer("B"), self.bo)
        self._cy = Socket(self._consumer("A"), Reader())

    def _alias(self, server: str) -> str:
        return f"lab-{self._key}-{server}"

    def _consumer(self, server: str) -> type[ChatConsumer]:
        lane = self

        class OnServer(ChatConsumer):  # type: ignore[misc] - demos are not typed
            channel_layer_alias = lane._alias(server)

            async def chat_message(self, event: dict[str, Any]) -> None:
                if lane.breaks and server == "B":
                    lane.breaks = False
                    raise RuntimeError("what nobody has thought of")
                await super().chat_message(event)

        return OnServer

    async def start(self) -> None:
        for socket in (self._ann, self._bo, self._cy):
            await socket.connect()

    async def say(self, number: int) -> None:
        """A page whose connection has failed connects again, and what was typed meanwhile is gone."""
        if self._cy.is_open:
            self._cy.say(number)
        else:
            await self._cy.connect()

    async def say_again(self, number: int) -> None:
        """It came to no answer: the page connects again, and its user says it once more."""
        await self._cy.cut()
        await self._cy.connect()
        self._cy.say(number)

    async def cut_bo(self) -> None:
        await self._bo.cut()

    async def kill_b(self) -> None:
        await self._bo.kill()

    async def bo_comes_back(self, server: str) -> None:
        await self._bo.kill()
        self._bo = Socket(self._consumer(server), self.bo)
        await self._bo.connect()

    async def everybody_comes_back(self) -> None:
        for socket in (self._ann, self._bo, self._cy):
            if not socket.is_open:
                await socket.connect()

    async def close(self) -> None:
        for socket in (self._ann, self._bo, self._cy):
            await socket.kill()
        for server in self.ports:
            channel_layers.backends.pop(self._alias(server), None)
