"""`python -m e2e.faults.presence`: who is shown as here while servers and Redis are killed, and what a crowd costs.

Fifty people on two servers, of which one is killed with -9: half of its people come back elsewhere, and half have gone.
Then Redis is killed for 10 s. A thousand people come to one room. Somebody types where two servers see it. Twenty
people are cut off for 2 s, and come back as late as a page may.
"""

import asyncio
import statistics
import sys
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field

import httpx
import psutil
from websockets.asyncio.client import ClientConnection

import e2e.environment  # noqa: F401 - settings of its own
from e2e.faults.clients import FAILURES, Event, events_of, socket
from e2e.faults.front import Front
from e2e.faults.harness import Stack, running, until

GHOST_MAX = 45.0  # seconds for which somebody of a killed server may still be shown
RIGHT_AGAIN = 15.0  # seconds after the return of Redis


@dataclass(eq=False)
class Person:
    """Somebody with a cookie, whose page keeps the list of people, and connects again when it is cut off."""

    room: str
    cookie: str = ""
    id: str = ""
    sees: set[str] = field(default_factory=set)
    missed: set[str] = field(default_factory=set)  # who must be there, and was not shown
    must_see: set[str] = field(default_factory=set)
    task: asyncio.Task[None] | None = None
    back_after: float = 0.5  # seconds

    async def enter(self, base: Callable[[], str]) -> None:
        if not self.cookie:
            async with httpx.AsyncClient() as client:
                answer = await client.get(f"{base()}/chat/{self.room}/")
                self.cookie = f"chat_guest={answer.cookies['chat_guest']}"
        self.sees = set()
        self.task = asyncio.create_task(self._stay(base))
        await until(lambda: bool(self.id), "hello", 30)

    async def _stay(self, base: Callable[[], str]) -> None:
        while True:
            with suppress(*FAILURES):
                async with socket(base(), self.room, additional_headers={"cookie": self.cookie}) as line:
                    await self._listen(line)
            await asyncio.sleep(self.back_after)

    async def _listen(self, line: ClientConnection) -> None:
        async for frame in line:
            for event in events_of(frame):
                if event["type"] == "hello":
                    self.id, self.sees = event["you"]["id"], set()
                elif event["type"] == "presence":
                    self._take(event)

    def _take(self, event: Event) -> None:
        ids = {key: {person["id"] for person in event.get(key, ())} for key in ("online", "joined", "left")}
        self.sees = ((ids["online"] if "online" in event else self.sees) | ids["joined"]) - ids["left"]
        self.missed |= self.must_see - self.sees

    async def leave(self) -> None:
        if self.task:
            self.task.cancel()
            await asyncio.gather(self.task, return_exceptions=True)


async def everybody_sees(people: list[Person], who: set[str], within: float) -> float:
    began = time.monotonic()
    await until(lambda: all(person.sees == who for person in people), f"all see {len(who)}", within)
    return time.monotonic() - began


async def killed() -> list[str]:
    """Returns what was measured, a line each; those that begin with FAILED did not hold."""
    async with running() as stack:
        at = [lambda n=n: stack.servers[n].url for n in (0, 1)]
        people = [Person(stack.room) for _ in range(50)]
        await asyncio.gather(*[person.enter(at[n % 2]) for n, person in enumerate(people)])
        everybody = {person.id for person in people}
        lines = [f"all 50 seen by all 50 on two servers after {await everybody_sees(people, everybody, 30):.1f} s"]
        stay, moving, gone = people[::2], people[1::4], people[3::4]
        for person in stay:
            person.must_see = {each.id for each in stay + moving}
        began = time.monotonic()
        stack.servers[1].kill()
        for person in (*moving, *gone):
            await person.leave()
        await asyncio.gather(*[person.enter(at[0]) for person in moving])
        await everybody_sees(stay, {each.id for each in stay + moving}, GHOST_MAX + 20)
        took = time.monotonic() - began
        lines.append(
            held(took <= GHOST_MAX, f"kill -9 of one: its {len(gone)} who had gone are shown for {took:.1f} s")
        )
        lines.append(held(not any(each.missed for each in stay), "nobody who was there or came back was missing"))
        stack.servers[1].start()
        return lines + await without_redis(stack, stay, moving, at)


async def without_redis(
    stack: Stack, stay: list[Person], moving: list[Person], at: list[Callable[[], str]]
) -> list[str]:
    for person in moving:
        await person.leave()
    await asyncio.gather(*[person.enter(at[1]) for person in moving])
    together = [*stay, *moving]
    await everybody_sees(together, {each.id for each in together}, 60)
    leaving, remaining = stay[0], [*stay[1:], *moving]
    for person in together:
        person.missed = set()
        person.must_see = {each.id for each in remaining}
    assert stack.valkey
    stack.valkey.kill()
    await asyncio.sleep(5)
    await leaving.leave()
    newcomer = Person(stack.room)
    await newcomer.enter(at[1])
    await asyncio.sleep(5)
    await asyncio.to_thread(stack.valkey.start)
    took = await everybody_sees(remaining, {each.id for each in [*remaining, newcomer]}, 60)
    for person in [*together, newcomer]:
        await person.leave()
    return [
        held(
            not any(each.missed for each in remaining), "Redis killed for 10 s: nobody was shown as gone who was there"
        ),
        held(took <= RIGHT_AGAIN, f"right again {took:.1f} s after its return, with one who left and one who came"),
    ]


async def thousand(number: int = 1000) -> list[str]:
    """What those who come cost the others: frames of a count to one who is there, and the server's CPU."""
    async with running(servers=1, redis=False) as stack:
        stack.servers[0].kill()
        stack.servers[0].environment |= {"CHAT_ADDRESS_SOCKETS": "", "CHAT_ADDRESS_LIMIT": ""}
        stack.servers[0].start()
        process, arrived = psutil.Process(stack.servers[0].pid), list[tuple[float, Event]]()
        async with socket(stack.servers[0].url, stack.room) as witness:
            watching = asyncio.create_task(_watch(witness, arrived))
            lines = [await socket(stack.servers[0].url, stack.room) for _ in range(150)]
            reading = [asyncio.create_task(_watch(line, [])) for line in lines]
            await asyncio.sleep(2)
            arrived.clear()
            before, began = sum(process.cpu_times()[:2]), time.monotonic()
            for _ in range(number - 150):
                lines.append(await socket(stack.servers[0].url, stack.room))
                reading.append(asyncio.create_task(_watch(lines[-1], [])))
            took, cpu = time.monotonic() - began, sum(process.cpu_times()[:2]) - before
            await until(lambda: bool(arrived) and arrived[-1][1]["count"] == number + 1, "the number of all", 20)
            presence = [event for _, event in arrived if event["type"] == "presence"]
            alone = all(set(event) == {"type", "count"} for event in presence)
            for task in (watching, *reading):
                task.cancel()
            await asyncio.gather(*[line.close() for line in lines], return_exceptions=True)
    frames = f"{len(presence)} frames of a count to each in {took:.1f} s in which {number - 150:,} came"
    return [
        held(alone and len(presence) <= took + 3, frames),
        f"the server used {cpu:.1f} s of CPU with all handshakes: {1000 * cpu / (number - 150):.1f} ms a person",
    ]


async def _watch(line: ClientConnection, arrived: list[tuple[float, Event]]) -> None:
    with suppress(*FAILURES):
        async for frame in line:
            arrived += [(time.monotonic(), event) for event in events_of(frame)]


async def typed(times: int = 30) -> list[str]:
    """From the frame of one who types to the hint at another server."""
    async with running() as stack:
        one, other = stack.servers
        arrived, latencies = list[tuple[float, Event]](), list[float]()
        async with socket(one.url, stack.room) as typist, socket(other.url, stack.room) as reader:
            watching = [asyncio.create_task(_watch(reader, arrived)), asyncio.create_task(_watch(typist, []))]
            await asyncio.sleep(3)
            for _ in range(times):
                arrived.clear()
                began = time.monotonic()
                await typist.send('{"type":"typing"}')
                await until(lambda: any(event["type"] == "typing" for _, event in arrived), "typing", 5)
                latencies.append(next(at for at, event in arrived if event["type"] == "typing") - began)
            for task in watching:
                task.cancel()
    median = 1000 * statistics.median(latencies)
    return [held(median < 300, f"typing reaches another process in {median:.1f} ms (median of {times})")]


async def cut_off(number: int = 20) -> list[str]:
    """A page tries within 1 s, and if that is in vain within 5 more: the last here comes back after 6 s."""
    async with running() as stack:
        front = Front(stack.servers[0].port)
        people = [Person(stack.room, back_after=6.0 * n / number) for n in range(1, number + 1)]
        witness = Person(stack.room)
        try:
            await asyncio.gather(*[person.enter(lambda: front.url) for person in people])
            await witness.enter(lambda: stack.servers[1].url)
            witness.must_see = {each.id for each in [*people, witness]}
            await everybody_sees([witness], witness.must_see, 30)
            witness.missed = set()
            for _ in range(2):
                await asyncio.to_thread(front.cut)
                await asyncio.sleep(2)
                front.mend()
                await asyncio.sleep(12)  # until those who would be gone are
            for person in [*people, witness]:
                await person.leave()
        finally:
            front.stop()
    return [
        held(not witness.missed, f"{number} people cut off for 2 s, back after up to 6 s: nobody was shown as gone")
    ]


def held(holds: bool, what: str) -> str:
    return what if holds else f"FAILED: {what}"


MEASURES: list[Callable[[], Awaitable[list[str]]]] = [typed, cut_off, thousand, killed]


async def measure() -> int:
    failed = 0
    for each in MEASURES:
        for line in await each():
            failed += line.startswith("FAILED")
            print(line, flush=True)
    return failed


if __name__ == "__main__":
    sys.exit(asyncio.run(measure()))
