"""The lab's two chats over real connections: what learn/lab/tutorial.py and learn/lab/product.py are in one process."""

import asyncio
import json
from collections.abc import Callable
from contextlib import suppress
from uuid import uuid4

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException
from websockets.typing import Subprotocol

from e2e.lab.stack import Stack
from learn.lab.reader import Reader

PATIENCE = 5.0  # seconds
FAILURES = (OSError, TimeoutError, WebSocketException)


class Person:
    """Somebody's browser. `path` is asked each time that it connects."""

    def __init__(self, stack: Stack, path: Callable[[], str], *subprotocols: str, reader: Reader | None = None) -> None:
        self._stack, self._path, self._subprotocols = stack, path, [Subprotocol(name) for name in subprotocols]
        self.reader = reader or Reader()
        self.answers: asyncio.Queue[str] = asyncio.Queue()  # the client_ids that were acknowledged
        self._line: ClientConnection | None = None
        self._reading: asyncio.Task[None] | None = None

    async def connect(self, server: str) -> None:
        """If there is somebody to connect to."""
        self.cut()
        address = self._stack.servers[server].ws + self._path()
        with suppress(*FAILURES):
            self._line = await connect(
                address, subprotocols=self._subprotocols or None, compression=None, open_timeout=PATIENCE
            )
            self._reading = asyncio.create_task(self._read(self._line))

    async def _read(self, line: ClientConnection) -> None:
        with suppress(*FAILURES):
            async for text in line:
                frame = json.loads(text)
                for event in frame if isinstance(frame, list) else [frame]:
                    self._take(event)

    def _take(self, event: dict[str, str]) -> None:
        if event.get("type") == "ack":
            self.answers.put_nowait(event["client_id"])
        elif text := event.get("message") or event.get("text"):
            self.reader.hears(int(text))

    @property
    def is_open(self) -> bool:
        return self._reading is not None and not self._reading.done()

    async def ends(self) -> None:
        """Until the server has ended the connection, or so long."""
        if self._reading:
            await asyncio.wait({self._reading}, timeout=PATIENCE)

    async def send(self, **frame: str) -> None:
        with suppress(*FAILURES):
            if self._line:
                await self._line.send(json.dumps(frame))

    def cut(self) -> None:
        """As if the line had broken: no goodbye."""
        if self._line:
            self._line.transport.abort()
        if self._reading:
            self._reading.cancel()
        self._line = self._reading = None


class RealLane:
    needs_layer: bool
    name: str

    def __init__(self, stack: Stack) -> None:
        self.stack, self.room = stack, f"lab-{uuid4().hex[:12]}"
        self.ann, self.bo = Reader(), Reader()

    def person(self, reader: Reader | None = None) -> Person:
        raise NotImplementedError

    @property
    def channel(self) -> bytes:
        """A part of the name of Redis's channel for the room."""
        raise NotImplementedError

    async def start(self) -> None:
        await self.stack.start_b()
        self._ann, self._bo, self._cy = self.person(self.ann), self.person(self.bo), self.person()
        for person, server in ((self._ann, "A"), (self._bo, "B"), (self._cy, "A")):
            await person.connect(server)

    async def close(self) -> None:
        for person in (self._ann, self._bo, self._cy):
            person.cut()
        await self.stack.start_redis()
        await self.stack.start_b()
        await self.stack.hinder_b(self.name, reads=True)
        await self.stack.hinder_b(self.name, breaks=False)

    async def cut_bo(self) -> None:
        self._bo.cut()

    async def bo_comes_back(self, server: str) -> None:
        await self._bo.connect(server)

    async def kill_b(self) -> None:
        await self.stack.kill_b()

    async def start_b(self) -> None:
        await self.stack.start_b()

    async def break_bo(self) -> None:
        await self.stack.hinder_b(self.name, breaks=True)

    async def bo_reads(self, reads: bool) -> None:
        await self.stack.hinder_b(self.name, reads=reads)

    async def tamper(self, fault: str) -> None:
        self.stack.relay.faults[self.channel] = fault

    async def layer_leaves(self) -> None:
        await self.stack.kill_redis()

    async def layer_returns(self) -> None:
        await self.stack.start_redis()


class RealTutorialLane(RealLane):
    """`kind` is the channel layer: `pubsub`, or `core`, which has a capacity."""

    needs_layer = True
    name = "tutorial"

    def __init__(self, stack: Stack, kind: str = "pubsub") -> None:
        super().__init__(stack)
        self._kind = kind

    def person(self, reader: Reader | None = None) -> Person:
        return Person(self.stack, lambda: f"/ws/lab/{self._kind}/{self.room}/", reader=reader)

    @property
    def channel(self) -> bytes:
        return f"group-async.{self.room}".encode()

    async def say(self, number: int) -> None:
        if not self._cy.is_open:
            await self._cy.connect("A")
            return
        await self._cy.send(message=str(number))
        if self.stack.is_away:  # the layer tries again a few times, then its exception ends the consumer
            await self._cy.ends()

    async def say_again(self, number: int) -> None:
        await self._cy.connect("A")
        await self._cy.send(message=str(number))

    async def layer_returns(self) -> None:
        await super().layer_returns()
        await self.stack.until_both_hear(self.channel.decode())
        for person, server in ((self._ann, "A"), (self._bo, "B"), (self._cy, "A")):
            if not person.is_open:
                await person.connect(server)


class RealProductLane(RealLane):
    needs_layer = False
    name = "product"

    def __init__(self, stack: Stack) -> None:
        super().__init__(stack)
        self._ids: dict[int, str] = {}

    def person(self, reader: Reader | None = None) -> Person:
        heard = reader or Reader()
        path = f"/ws/lab/product/{self.room}/?after="
        return Person(self.stack, lambda: f"{path}{max(heard.numbers(), default=0)}", "chat.v1", reader=heard)

    @property
    def channel(self) -> bytes:
        from chat.feed import group_name  # after Django is set up

        return group_name(self.room).encode()

    async def say(self, number: int) -> None:
        """Again and again until it is acknowledged, as the page does."""
        client_id = self._ids.setdefault(number, str(uuid4()))
        async with asyncio.timeout(4 * PATIENCE):
            while True:
                if not self._cy.is_open:
                    await self._cy.connect("A")
                await self._cy.send(message=str(number), client_id=client_id)
                with suppress(TimeoutError):
                    async with asyncio.timeout(PATIENCE):
                        while await self._cy.answers.get() != client_id:
                            pass
                        return

    async def say_again(self, number: int) -> None:
        self._cy.cut()
        await self.say(number)
