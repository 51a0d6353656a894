"""What a stranger does in the classroom, which LEARN=1 serves beside the rooms. One function for each attack."""

import asyncio
import contextlib
import json
from itertools import cycle
from uuid import uuid4

from e2e.abuse.attacks import NEIGHBOURS, SMALL_BUFFER, opened_in_turn, together
from e2e.abuse.lines import CLOSE, FAILURES, Attacker, Stream, frame, read_frame, say

BEHIND = 0.2  # seconds after which more frames are sent, although the server has not taken the last ones
PAGES = (
    "", "start/", "group-async/", "websocket-async/", "bridges/a-feed/", "failures/", "layers-compared/", "addresses/",
    "exercises/3/", "broken/", "more/", "the-room/",
)  # fmt: skip


async def listen(attacker: Attacker, line: Stream) -> None:
    """Read to the end. Counts what is heard, and the close code."""
    with contextlib.suppress(*FAILURES):
        while True:
            opcode, payload = await read_frame(line.reader)
            if opcode == CLOSE:
                attacker.count(f"closed {int.from_bytes(payload[:2])}" if payload else "closed 1005")
                return
            attacker.count("heard")
    attacker.count("cut")


async def talk(attacker: Attacker, paths: tuple[str, ...], each: bytes, sockets: int = 8) -> None:
    """Frames to demos as fast as they are taken, from four addresses, by a new guest on each socket."""
    places = cycle(zip(NEIGHBOURS * len(paths), paths * len(NEIGHBOURS), strict=True))

    async def one() -> None:
        while attacker.goes_on:
            address, path = next(places)
            with contextlib.suppress(*FAILURES):
                line = await attacker.websocket(address=address, path=f"/ws/learn/{path}")
                listening = asyncio.create_task(listen(attacker, line))
                try:
                    while attacker.goes_on and not listening.done():
                        async with asyncio.timeout(BEHIND):
                            await attacker.send(line, each * 20, requests=20)
                finally:
                    await asyncio.wait([listening], timeout=BEHIND)
                    line.writer.transport.abort()
                    await asyncio.wait([listening])
            await asyncio.sleep(0.01)

    await together(attacker, *[one() for _ in range(sockets)])


async def crowd(attacker: Attacker, people: int = 400, *, rooms: int = 1, reads: bool = True) -> None:
    """Many in a group or in several, from four addresses, all of whom talk: each word goes to all of a group."""
    lines = []

    async def one(number: int) -> None:
        with contextlib.suppress(*FAILURES):
            address, buffer = NEIGHBOURS[number % len(NEIGHBOURS)], 0 if reads else SMALL_BUFFER
            path = f"/ws/learn/group-async/crowd-{number % rooms}/"
            line = await attacker.websocket(address=address, path=path, buffer=buffer)
            lines.append(line)
            listening = asyncio.create_task(listen(attacker, line) if reads else attacker.hold())
            try:
                while attacker.goes_on and not listening.done():
                    if reads or number % 20 == 0:
                        await attacker.send(line, say("x" * 1000))
                    await asyncio.sleep(0.5)
            finally:
                listening.cancel()

    await opened_in_turn(attacker, [one(number) for number in range(people)])
    for line in lines:
        line.writer.transport.abort()


async def idle(attacker: Attacker, count: int = 1200) -> None:
    """More sockets than the classroom has, which only wait."""
    lines = []

    async def one(number: int) -> None:
        try:
            address, path = NEIGHBOURS[number % len(NEIGHBOURS)], f"/ws/learn/group-async/idle-{number // 45}/"
            line = await attacker.websocket(address=address, path=path)
            lines.append(line)
            attacker.count("connected")
            await listen(attacker, line)
        except FAILURES:
            attacker.count("cut")

    await opened_in_turn(attacker, [one(number) for number in range(count)])
    for line in lines:
        line.writer.transport.abort()


async def streams(attacker: Attacker, count: int = 1200) -> None:
    """Clocks that tick and polls that wait, half of each: more than the classroom has."""
    lines = []

    async def one(number: int) -> None:
        path = "sse" if number % 2 else "long-poll"
        try:
            line = await attacker.open(address=NEIGHBOURS[number % len(NEIGHBOURS)])
            lines.append(line)
            await attacker.send(line, attacker.head(f"/learn/{path}/live/"))
            attacker.count((await line.reader.readline()).split(b" ")[1].decode())
            while await line.reader.read(65536):
                pass
        except FAILURES:
            attacker.count("cut")

    await opened_in_turn(attacker, [one(number) for number in range(count)])
    for line in lines:
        line.writer.transport.abort()


async def pages(attacker: Attacker, paths: tuple[str, ...] = PAGES, at_once: int = 4) -> None:
    """One after the other, on several lines."""
    places = cycle(paths)

    async def one() -> None:
        while attacker.goes_on:
            await attacker.ask(attacker.head(f"/learn/{next(places)}"))

    await together(attacker, *[one() for _ in range(at_once)])


async def rooms(attacker: Attacker, at_once: int = 24) -> None:
    """Rooms of the last step, a new guest and a long message in each: they are kept in memory."""
    each = frame(json.dumps({"message": "学" * 4000, "client_id": str(uuid4())}, ensure_ascii=False).encode())

    async def one() -> None:
        while attacker.goes_on:
            with contextlib.suppress(*FAILURES):
                line = await attacker.websocket(path=f"/ws/learn/room/{uuid4().hex}/")
                listening = asyncio.create_task(attacker.listen(line))
                await attacker.send(line, each)
                await asyncio.wait([listening], timeout=BEHIND)
                line.writer.transport.abort()
                await asyncio.wait([listening])

    await together(attacker, *[one() for _ in range(at_once)])
