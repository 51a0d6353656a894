"""What a stranger does by WebSocket and with many lines. One small function for each attack."""

import asyncio
import contextlib
from collections.abc import Coroutine
from typing import Any
from uuid import uuid4

from e2e.abuse.lines import FAILURES, PING, PONG, TEXT, Attacker, frame, say

BURST = 64 * 1024  # bytes sent at a time
NEIGHBOURS = ("127.0.0.66", "127.0.0.67", "127.0.0.68", "127.0.0.69")
MANY = tuple(f"127.0.0.{number}" for number in range(66, 74))
SMALL_BUFFER = 4096
AT_ONCE = 50  # lines that are opened side by side

TYPING = frame(b'{"type":"typing"}')
PING_EVENT = frame(b'{"type":"ping"}')
LARGE_TEXT = say("x" * 65_000)
EMPTY_CONTINUATION = frame(b"", 0, fin=False)
BEGINNING = frame(b"{", TEXT, fin=False)  # of a message that is never finished
PONGS, PINGS = frame(b"", PONG), frame(b"", PING)


async def flood(attacker: Attacker, each: bytes, *, sockets: int = 1, begin: bytes = b"") -> None:
    """The same frame as fast as the line takes it. One that was closed comes back."""
    many = max(1, BURST // len(each))

    async def one() -> None:
        while attacker.goes_on:
            with contextlib.suppress(*FAILURES):
                line = await attacker.websocket()
                listening = asyncio.create_task(attacker.listen(line))
                try:
                    if begin:
                        await attacker.send(line, begin)
                    while attacker.goes_on and not listening.done():
                        await attacker.send(line, each * many, requests=many)
                    if listening.done():
                        continue
                finally:
                    line.writer.close()
                    await _over(listening)
            await asyncio.sleep(0.01)

    await together(attacker, *[one() for _ in range(sockets)])


async def _over(listening: "asyncio.Task[None]") -> None:
    """What was answered before the line went is counted."""
    await asyncio.wait([listening], timeout=0.5)
    listening.cancel()
    await asyncio.wait([listening])


async def idle_streams(attacker: Attacker, count: int, addresses: tuple[str, ...]) -> None:
    """Streams and polls, half of each, that only wait."""
    lines = []

    async def one(number: int) -> None:
        path = "events/" if number % 2 else "poll/?wait=25"
        address = addresses[number % len(addresses)]
        try:
            line = await attacker.open(address=address)
            lines.append(line)
            await attacker.send(line, attacker.head(f"/chat/{attacker.room}-idle/{path}"))
            status = (await line.reader.readline()).split(b" ")[1].decode()
            attacker.count("stream" if status == "200" else status)
            if status == "200":
                await attacker.hold()
        except asyncio.CancelledError:  # the time is up: a poll still waits then, a stream has been counted
            if not number % 2:
                attacker.count("poll")
            raise
        except FAILURES:
            attacker.count("cut")

    await opened_in_turn(attacker, [one(number) for number in range(count)])
    for line in lines:
        line.writer.close()


async def opened_in_turn(attacker: Attacker, work: list[Coroutine[Any, Any, None]]) -> None:
    """All of them, begun a few at a time, until the time is up."""
    tasks = []
    for begun in range(0, len(work), AT_ONCE):
        tasks += [asyncio.create_task(each) for each in work[begun : begun + AT_ONCE]]
        await asyncio.sleep(0.05 if attacker.goes_on else 0)
    await asyncio.wait(tasks, timeout=attacker.left or 0.01)
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)


async def together(attacker: Attacker, *work: Coroutine[Any, Any, None]) -> None:
    """Until the time is up, whatever each of them is at."""
    tasks = [asyncio.create_task(each) for each in work]
    await asyncio.wait(tasks, timeout=attacker.left + 0.5)
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)


async def unread_pages(attacker: Attacker, readers: int = 12) -> None:
    """A page of more than a megabyte, asked for and not read."""
    lines = []
    for _ in range(readers):
        with contextlib.suppress(*FAILURES):
            lines.append(await attacker.open(buffer=SMALL_BUFFER))
            await attacker.send(lines[-1], attacker.head(f"/chat/{attacker.room}-large/"))
            attacker.count("unread")
    await attacker.hold()
    for line in lines:
        line.writer.transport.abort()


async def unread_replays(attacker: Attacker, sockets: int = 1100) -> None:
    """Sockets that ask for everything that was said, and read nothing of it."""
    lines = []

    async def one(number: int) -> None:
        try:
            line = await attacker.open(buffer=SMALL_BUFFER, address=NEIGHBOURS[number % 3])
            lines.append(line)
            await attacker.send(line, attacker.websocket_head(f"{attacker.room}-large", query="?after=0"))
            attacker.count("unread")
            await attacker.hold()
        except FAILURES:
            attacker.count("cut")

    await opened_in_turn(attacker, [one(number) for number in range(sockets)])
    for line in lines:
        line.writer.transport.abort()


async def new_guests(attacker: Attacker, what: str, at_once: int = 8) -> None:
    """Without a cookie, so that each connection is another person."""

    async def one() -> None:
        while attacker.goes_on:
            with contextlib.suppress(*FAILURES):
                line = await attacker.websocket(f"{attacker.room}-{uuid4().hex[:12]}" if what == "rooms" else "")
                listening = asyncio.create_task(attacker.listen(line))
                try:
                    if what == "messages":
                        await attacker.send(line, b"".join(say("one more") for _ in range(20)), requests=20)
                        await asyncio.wait([listening], timeout=0.3)
                    elif what == "rooms":
                        await attacker.send(line, say("first"))
                        await asyncio.wait([listening], timeout=0.1)
                    elif what == "names":
                        await attacker.send(line, say(f"/name {uuid4().hex[:8]}") * 20, requests=20)
                        await asyncio.wait([listening], timeout=0.3)
                    else:
                        attacker.tally.requests += 1
                        await asyncio.wait([listening], timeout=0.05)
                        attacker.count("refused" if listening.done() else "connected")
                finally:
                    line.writer.transport.abort()
                    await _over(listening)

    await together(attacker, *[one() for _ in range(at_once)])


async def handshakes(attacker: Attacker) -> None:
    """A large cookie is somebody's; too many headers and a body are nobody's."""
    kinds = {
        "cookie of 12 KiB": ("Cookie: other=" + "x" * 12 * 1024,),
        "150 header lines": tuple(f"X-{number}: x" for number in range(150)),
        "body": ("Content-Length: 20",),
    }
    while attacker.goes_on:
        for kind, headers in kinds.items():
            try:
                line = await attacker.open()
            except FAILURES:
                attacker.count("cut")
                continue
            try:
                body = b"x" * 20 if kind == "body" else b""
                await attacker.send(line, attacker.websocket_head("", *headers) + body)
                async with asyncio.timeout(2):
                    status = (await line.reader.readline()).split(b" ")[1].decode()
            except TimeoutError:
                status = "never"
            except FAILURES:
                status = "cut"
            attacker.count(f"{kind}: {status}")
            line.writer.close()
        await asyncio.sleep(0.05)
