"""After a removal was committed, nothing that is committed later reaches the removed person, whatever is slow or lost.

Two processes in one event loop, each with its own hub, share the database. Before and after each touch of it a random
while passes, and half of the wake-ups between them are lost, the others come late.
"""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from dataclasses import fields
from typing import Any
from uuid import uuid4

import pytest
from channels.db import database_sync_to_async
from django.db import transaction

from accounts.models import User
from accounts.sessions import Look, Ticket
from chat.events import Frame, Whisper
from chat.hub import DATABASE_LOG, Hub
from chat.identity import Identity
from chat.log import Log
from chat.members import acts
from chat.models import CLOSED, Message, Room
from chat.posting import Accepted
from chat.protocol import FORBIDDEN, Event, Refused
from chat.subscriber import Subscriber
from chat.verbs import Say

pytestmark = pytest.mark.django_db(transaction=True)

REMOVALS = 40
SLOW = 0.004  # seconds, at most, on each side of a call


async def a_while(most: float = SLOW) -> None:
    if random.random() < 0.5:
        await asyncio.sleep(random.random() * most)


def slowly(function: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    async def called(*arguments: Any) -> Any:
        await a_while()
        result = await function(*arguments)
        await a_while()
        return result

    return called


class LossyLayer:
    """Between the hubs: half of what is published never comes, the rest late and in any order."""

    reaches_others = True

    def __init__(self) -> None:
        self._heard: dict[str, list[Callable[[Any], None]]] = {}

    def publish(self, group: str, message: Any) -> None:
        for heard in self._heard.get(group, ()):
            if random.random() < 0.5:
                asyncio.get_running_loop().call_later(random.random() * 0.01, heard, message)

    async def listen(self, group: str, heard: Callable[[Any], None], tried: Any = lambda is_open: None) -> None:
        self._heard.setdefault(group, []).append(heard)
        tried(True)
        try:
            await asyncio.Event().wait()
        finally:
            self._heard[group].remove(heard)

    def close(self) -> None:
        pass


class Reader:
    """A client that comes back with the last number it has seen until it is told that it may not."""

    def __init__(self, hub: Hub, you: Identity, after: int) -> None:
        self.hub, self.you, self.after = hub, you, after
        self.heard: list[int] = []
        self.refused: int | None = None
        self.moved = asyncio.Event()
        self.task = asyncio.create_task(self._run())

    async def _run(self) -> None:
        while self.refused is None:
            self._over = asyncio.Event()
            subscriber = Subscriber("vault", self.you, self)
            try:
                await self.hub.follow(subscriber, self.after)
                with suppress(TimeoutError):
                    async with asyncio.timeout(random.random() * 0.05):
                        await self._over.wait()
            except Refused as refused:
                self.refused = refused.close_code
            finally:
                self.hub.leave(subscriber)
            await a_while()

    async def has_reached(self, seq: int) -> None:
        while self.after < seq:
            self.moved.clear()
            await self.moved.wait()

    async def send_event(self, event: Event) -> None:
        await a_while(0.001)

    async def send_frame(self, frame: Frame | Whisper) -> None:
        if isinstance(frame, Frame):
            self.heard += [event["seq"] for event in frame.events]
            self.after = frame.last
            self.moved.set()

    def end(self, code: int, refused: Refused | None) -> None:
        if refused:
            self.refused = code
        self._over.set()


@database_sync_to_async
def people() -> list[Identity]:
    found = []
    for name in ("ada", "bob", "grace"):
        user = User.objects.create_user(name)
        found.append(Identity(f"user-{user.pk}", name, ticket=Ticket("", user.pk, "")))
    acts.make(by=found[0], name="vault", kind=CLOSED, topic="")
    return found


async def nothing_new(tickets: object) -> Look:
    return Look()


@pytest.fixture
async def hubs() -> AsyncIterator[list[Hub]]:
    layer: Any = LossyLayer()
    log = Log(**{each.name: slowly(getattr(DATABASE_LOG, each.name)) for each in fields(Log)})
    hubs = [Hub(layer=layer, log=log, look=nothing_new, poll_seconds=0.1) for _ in range(2)]
    yield hubs
    for hub in hubs:
        await hub.close()


async def test_nothing_said_after_a_removal_reaches_the_removed_and_the_others_miss_nothing(hubs: list[Hub]) -> None:
    ada, bob, grace = await people()
    add = database_sync_to_async(acts.add)
    await add(by=ada, room="vault", name="grace")
    said: list[int] = []
    talking = True

    async def talk(hub: Hub) -> None:
        while talking:
            outcome = await hub.writer.submit(Say("vault", ada, "words", uuid4()))
            assert isinstance(outcome, Accepted)
            said.append(outcome.seq)
            await a_while(0.003)

    @database_sync_to_async
    def newest() -> int:
        return Room.objects.get(name="vault").seq

    @database_sync_to_async
    def removed() -> tuple[int, int]:
        """The new number of access, and the last message before the removal: the room's row is locked."""
        with transaction.atomic():
            access = acts.remove(by=ada, room="vault", name="bob")
            assert access
            return access, Room.objects.get(name="vault").seq

    others = [Reader(hub, grace, 0) for hub in hubs]
    talkers = [asyncio.create_task(talk(hub)) for hub in hubs]
    leaks = 0
    for _ in range(REMOVALS):
        await add(by=ada, room="vault", name="bob")
        begun = await newest()
        readers = [Reader(hub, bob, begun) for hub in hubs]
        await asyncio.sleep(random.random() * 0.05)
        access, limit = await removed()
        if random.random() < 0.5:
            hubs[0].take_away("vault", access)
        async with asyncio.timeout(20):
            await asyncio.gather(*(reader.task for reader in readers))
        assert {reader.refused for reader in readers} <= {FORBIDDEN, 4404}
        leaks += sum(seq > limit for reader in readers for seq in reader.heard)
    talking = False
    await asyncio.gather(*talkers)
    last = await newest()
    async with asyncio.timeout(20):
        for reader in others:
            await reader.has_reached(last)
    for reader in others:
        reader.task.cancel()
        assert reader.heard == [*range(1, last + 1)]
    assert leaks == 0
    assert await Message.objects.acount() == last == len(said)
