"""The lane of the tutorial: `learn.demos.group_async.ChatConsumer` as it is, for Ann, Bo and Cy on two servers."""

from typing import Any
from uuid import uuid4

from channels.layers import channel_layers

from learn.demos.group_async import ChatConsumer
from learn.lab.reader import Reader
from learn.lab.simulated import Simulated
from learn.lab.socket import Socket


class TutorialLane(Simulated):
    needs_layer = True

    def __init__(self) -> None:
        super().__init__()
        self._key = uuid4().hex
        self._breaks = False  # the next event in Bo's handler
        for server, port in self.ports.items():
            channel_layers.set(self._alias(server), port)
        self._ann = Socket(self._consumer("A"), self.ann)
        self._bo = Socket(self._consumer("B"), self.bo)
        self._cy = Socket(self._consumer("A"), Reader())

    def _alias(self, server: str) -> str:
        return f"lab-{self._key}-{server}"

    def _consumer(self, server: str) -> type[ChatConsumer]:
        lane = self

        class OnServer(ChatConsumer):
            channel_layer_alias = lane._alias(server)

            async def chat_message(self, event: dict[str, Any]) -> None:
                if lane._breaks and server == "B":
                    lane._breaks = False
                    raise RuntimeError("what nobody has thought of")
                await super().chat_message(event)  # type: ignore[no-untyped-call]

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

    async def start_b(self) -> None:
        """The consumers of a server that has died were all that it had."""

    async def bo_comes_back(self, server: str) -> None:
        await self._bo.kill()
        self._bo = Socket(self._consumer(server), self.bo)
        await self._bo.connect()

    async def break_bo(self) -> None:
        self._breaks = True

    async def layer_returns(self) -> None:
        """Whose consumer has failed meanwhile connects again."""
        await super().layer_returns()
        for socket in (self._ann, self._bo, self._cy):
            if not socket.is_open:
                await socket.connect()

    async def close(self) -> None:
        for socket in (self._ann, self._bo, self._cy):
            await socket.kill()
        for server in self.ports:
            channel_layers.backends.pop(self._alias(server), None)
