"""Two processes and a real Valkey: who is connected to one is seen at the other, and nobody who is there is missing."""

import asyncio
import signal
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from channels.layers import get_channel_layer

from chat.hub import DATABASE_LOG, Hub
from chat.identity import Identity, stranger
from chat.layer import Layer
from chat.presence import companion, leases
from chat.presence.companion import Presence
from chat.presence.leases import RedisLeases
from chat.tests.test_feed import Reader, nothing_new
from e2e.services import Valkey

pytestmark = pytest.mark.django_db(transaction=True)

QUICK = {"GRACE_SECONDS": 0.4, "LOOK_EVERY": 0.3, "LOOK_AGAIN": 0.2, "TELL_EVERY": 0.05}


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """A tenth of the product's times, and leases of whole seconds, as Redis has them."""
    for name, seconds in QUICK.items():
        monkeypatch.setattr(companion, name, seconds)
    monkeypatch.setattr(leases, "LEASE_SECONDS", 2)
    monkeypatch.setattr(leases, "SETTLE_SECONDS", 0.8)


@pytest.fixture(params=[1, 2], ids=["one Valkey", "sharded"])
def valkeys(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    servers = [Valkey(tmp_path).start() for _ in range(request.param)]
    yield servers
    for server in servers:
        server.kill()


class Process:
    """A hub with nothing in common with the others but Valkey; only presence is in question, so the layer is local."""

    def __init__(self, valkeys: list[Valkey]) -> None:
        urls = [valkey.url for valkey in valkeys]
        self.hub = Hub(
            layer=Layer(get_channel_layer(), reaches_others=False), log=DATABASE_LOG, look=nothing_new,
            poll_seconds=60.0, companions=[lambda hub: Presence(RedisLeases(urls))],
        )  # fmt: skip

    async def enters(self, you: Identity, room: str = "lobby") -> "Witness":
        witness = Witness(you)
        witness.subscriber.room = room
        await self.hub.follow(witness.subscriber, None)
        return witness

    async def is_killed(self) -> None:
        """Nothing is renewed or taken back any more."""
        (presence,) = self.hub.people.companions
        presence._running.cancel()  # type: ignore[attr-defined]


class Witness(Reader):
    """Keeps the list as a page does, and everything that it ever showed."""

    @property
    def sees(self) -> set[str]:
        return self.history[-1] if self.history else set()

    @property
    def history(self) -> list[set[str]]:
        shown: list[set[str]] = []
        for event in self.events:
            if event["type"] == "presence":
                before = {person["id"] for person in event["online"]} if "online" in event else set(shown[-1])
                joined, left = ({person["id"] for person in event.get(key, ())} for key in ("joined", "left"))
                shown.append((before | joined) - left)
                assert len(shown[-1]) == event["count"]
        return shown

    @property
    def sees_away(self) -> set[str]:
        away: dict[str, bool] = {}
        for event in self.events:
            for person in [*event.get("online", ()), *event.get("joined", ())]:
                away[person["id"]] = "away" in person
        return {id for id, is_away in away.items() if is_away}

    async def sees_in_the_end(self, *people: Identity, within: float = 8) -> float:
        began = time.monotonic()
        await until(lambda: self.sees == {each.id for each in people}, within)
        return time.monotonic() - began


async def until(holds: Callable[[], bool], within: float = 8) -> None:
    async with asyncio.timeout(within):
        while not holds():  # noqa: ASYNC110 - nobody announces it
            await asyncio.sleep(0.01)


@pytest.fixture
async def processes(valkeys: list[Valkey]) -> AsyncIterator[list[Process]]:
    processes = [Process(valkeys) for _ in range(2)]
    yield processes
    for process in processes:
        await process.hub.close()


async def test_who_is_connected_elsewhere_is_seen_in_that_room_alone(processes: list[Process]) -> None:
    here, there = processes
    ada, bob, eve = stranger(), stranger(), stranger()
    at_ada = await here.enters(ada)
    at_bob, at_eve = await there.enters(bob), await there.enters(eve, "den")
    await at_ada.sees_in_the_end(ada, bob)
    await at_bob.sees_in_the_end(ada, bob)
    await at_eve.sees_in_the_end(eve)
    there.hub.leave(at_bob.subscriber)
    await at_ada.sees_in_the_end(ada)


async def test_a_person_on_two_processes_is_one_and_stays_until_both_are_left(processes: list[Process]) -> None:
    here, there = processes
    ada, bob = stranger(), stranger()
    at_ada, one, two = await here.enters(ada), await here.enters(bob), await there.enters(bob)
    await at_ada.sees_in_the_end(ada, bob)
    here.hub.leave(one.subscriber)
    await asyncio.sleep(1)
    assert at_ada.sees == {ada.id, bob.id}
    there.hub.leave(two.subscriber)
    await at_ada.sees_in_the_end(ada)


async def test_who_is_active_on_one_process_is_active_and_else_away(
    processes: list[Process], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(companion, "ACTIVE_SECONDS", 60)
    here, there = processes
    ada, bob = stranger(), stranger()
    at_ada = await here.enters(ada)
    await here.enters(bob)
    await there.enters(bob)
    await at_ada.sees_in_the_end(ada, bob)

    def has_input(process: Process, ago: int) -> None:
        present = process.hub.people.companion(Presence)
        assert present
        present.had_input("lobby", bob.id, ago)

    has_input(here, 300)
    has_input(there, 200)
    await until(lambda: at_ada.sees_away == {bob.id})
    has_input(there, 10)
    await until(lambda: at_ada.sees_away == set())


async def test_who_comes_back_to_another_process_never_left(processes: list[Process]) -> None:
    here, there = processes
    ada, bob = stranger(), stranger()
    at_ada, before = await here.enters(ada), await here.enters(bob)
    await at_ada.sees_in_the_end(ada, bob)
    here.hub.leave(before.subscriber)
    await asyncio.sleep(0.2)
    await there.enters(bob)
    known = len(at_ada.history)
    await asyncio.sleep(1.2)
    assert len(at_ada.history) == known


async def test_the_people_of_a_killed_process_are_gone_when_its_leases_end(processes: list[Process]) -> None:
    here, there = processes
    ada, bob, eve = stranger(), stranger(), stranger()
    at_ada, _, _ = await here.enters(ada), await there.enters(bob), await there.enters(eve)
    await at_ada.sees_in_the_end(ada, bob, eve)
    await there.is_killed()
    at_eve = await here.enters(eve)
    took = await at_ada.sees_in_the_end(ada, eve)
    assert took <= 2 + 0.3 + 0.4 + 1, "the lease, a look, and what the machine takes"
    assert all(eve.id in shown for shown in at_ada.history[at_ada.history.index({ada.id, bob.id, eve.id}) :])
    await at_eve.sees_in_the_end(ada, eve)


async def _killed(valkeys: list[Valkey]) -> None:
    for valkey in valkeys:
        valkey.kill()
    await asyncio.sleep(3)
    for valkey in valkeys:
        await asyncio.to_thread(valkey.start)


async def _frozen(valkeys: list[Valkey]) -> None:
    for valkey in valkeys:
        valkey.signal(signal.SIGSTOP)
    await asyncio.sleep(3)
    for valkey in valkeys:
        valkey.signal(signal.SIGCONT)


async def _emptied(valkeys: list[Valkey]) -> None:
    for valkey in valkeys:
        await asyncio.to_thread(valkey.command, "FLUSHALL")


@pytest.mark.parametrize("fault", [_killed, _frozen, _emptied])
async def test_nobody_is_shown_as_gone_who_is_there_when_valkey_fails_and_all_is_right_soon_after(
    processes: list[Process], valkeys: list[Valkey], fault: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leases, "TIMEOUT", 0.3)
    here, there = processes
    ada, bob, eve, dan = stranger(), stranger(), stranger(), stranger()
    at_ada, at_bob = await here.enters(ada), await there.enters(bob)
    at_eve = await here.enters(eve)
    for witness in (at_ada, at_bob):
        await witness.sees_in_the_end(ada, bob, eve)
    known = len(at_ada.history), len(at_bob.history)
    failing = asyncio.create_task(fault(valkeys))
    await asyncio.sleep(0.5)
    here.hub.leave(at_eve.subscriber)
    await there.enters(dan)
    await failing
    for witness in (at_ada, at_bob):
        await witness.sees_in_the_end(ada, bob, dan)
        for shown in witness.history[known[witness is at_bob] :]:
            assert {ada.id, bob.id} <= shown
