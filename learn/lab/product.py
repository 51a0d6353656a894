"""The lane of the product: its own hub, feed, writer and subscriber for Ann, Bo and Cy, on two servers and one log."""

import asyncio
from uuid import UUID, uuid4

from chat.events import Frame, Whisper
from chat.hub import Hub
from chat.identity import stranger
from chat.layer import Layer
from chat.protocol import Event, Refused
from chat.subscriber import Subscriber
from chat.verbs import Say
from learn.lab.layer import Port
from learn.lab.reader import Reader
from learn.lab.simulated import Simulated
from learn.memory import MemoryLog
from learn.room import nothing_new

ROOM = "lab"
MESSAGES_MAX = 500


class Line:
    """A browser's connection, written to by the hub."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.breaks = False  # at the next frame

    async def send_event(self, event: Event) -> None: ...

    async def send_frame(self, frame: Frame | Whisper) -> None:
        await self.reader.reads.wait()
        if self.breaks:
            raise RuntimeError("what nobody has thought of")
        for event in frame.events if isinstance(frame, Frame) else ():
            self.reader.hears(event["seq"])

    def end(self, code: int, refused: Refused | None) -> None: ...


class ProductLane(Simulated):
    needs_layer = False

    def __init__(self) -> None:
        super().__init__()
        self.log = MemoryLog(rooms_max=1, messages_max=MESSAGES_MAX)
        self._hubs = {server: self._hub(port) for server, port in self.ports.items()}
        self._cy = stranger()
        self._ids: dict[int, UUID] = {}

    def _hub(self, port: Port) -> Hub:
        return Hub(layer=Layer(port), log=self.log.as_log(), look=nothing_new, poll_seconds=60)

    async def start(self) -> None:
        await self._follow("A", self.ann)
        self._server, self._bo = "B", await self._follow("B", self.bo)

    async def _follow(self, server: str, reader: Reader) -> Subscriber:
        """As a page does: with the last number that it has seen."""
        subscriber = Subscriber(ROOM, stranger(), Line(reader))
        after = max(reader.numbers(), default=0)
        await self._hubs[server].follow(subscriber, after)
        return subscriber

    async def say(self, number: int) -> None:
        self._ids.setdefault(number, uuid4())  # one for each message, however often it is sent
        await self._hubs["A"].writer.submit(Say(ROOM, self._cy, str(number), self._ids[number]))

    async def say_again(self, number: int) -> None:
        """No `ack` came: the page sends it again by itself, under the same id."""
        await self.say(number)

    async def break_bo(self) -> None:
        assert isinstance(self._bo.line, Line)  # noqa: S101 - made above
        self._bo.line.breaks = True

    async def cut_bo(self) -> None:
        self._hubs[self._server].leave(self._bo)

    async def kill_b(self) -> None:
        """With all its members; the log and the layer are others' processes."""
        self._hubs["B"].leave(self._bo)
        await self._hubs["B"].close()

    async def start_b(self) -> None:
        """Again, knowing nothing of what was before."""
        self.ports["B"] = Port(self.shared)
        self._hubs["B"] = self._hub(self.ports["B"])

    async def bo_comes_back(self, server: str) -> None:
        self._hubs[self._server].leave(self._bo)
        self._server, self._bo = server, await self._follow(server, self.bo)

    async def close(self) -> None:
        await asyncio.gather(*(hub.close() for hub in self._hubs.values()))
