"""Those who must not notice: a couple who talk once a second, a third who loads pages, and what asks for the probes."""

import asyncio
import json
import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException
from websockets.typing import Origin, Subprotocol

from e2e.abuse.lines import middle

FAILURES = (OSError, WebSocketException, TimeoutError, httpx.HTTPError, EOFError)
EVERY = 1.0  # seconds between the words of one
PAGE_EVERY = 0.3
PROBES = ("/healthz", "/readyz")
HEARD_WITHIN = 5.0
PATIENCE = 8.0  # seconds for an answer; one that did not come counts as so long


@dataclass
class Waited:
    """Seconds that each answer took."""

    acks: list[float] = field(default_factory=list)
    pages: list[float] = field(default_factory=list)
    probes: list[float] = field(default_factory=list)
    refused: int = 0

    def row(self) -> str:
        times = (self.acks, self.pages, self.probes)
        return " | ".join(f"{middle(each) * 1000:.0f} / {max(each, default=0) * 1000:.0f}" for each in times)


class Innocents:
    """Each has a cookie of its own and comes from 127.0.0.1. `waited` may be exchanged: it is what is counted into."""

    def __init__(self, base: str, room: str, *, tutorial: bool = False) -> None:
        self.base, self.room, self.tutorial = base, room, tutorial
        self.waited = Waited()
        self.acked: list[set[str]] = [set(), set()]
        self.heard: list[set[str]] = [set(), set()]
        self.reconnects = 0
        self.has_arrived = [asyncio.Event(), asyncio.Event()]
        self.still_talking = {0, 1}
        self._stopping = False
        self._tasks = [asyncio.create_task(each) for each in (self._talk(0), self._talk(1), self._look())]

    @property
    def lost(self) -> int:
        """Acknowledged, but not heard by the other."""
        return len(self.acked[0] - self.heard[1]) + len(self.acked[1] - self.heard[0])

    async def stop(self) -> None:
        """Finish what was begun, and wait until each has heard the other."""
        self._stopping = True
        await asyncio.wait(self._tasks, timeout=PATIENCE + 2)
        await self.cancel()

    async def cancel(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.wait(self._tasks)

    async def _cookie(self) -> str:
        async with httpx.AsyncClient(base_url=self.base, timeout=PATIENCE) as client:
            response = await client.get(f"/chat/{self.room}/")
            return "; ".join(f"{name}={value}" for name, value in response.cookies.items())

    async def _look(self) -> None:
        async with httpx.AsyncClient(base_url=self.base, timeout=PATIENCE) as client:
            while not self._stopping:
                waited = self.waited
                await self._get(client, "/chat/", waited, waited.pages)
                for probe in PROBES:
                    await self._get(client, probe, waited, waited.probes)
                await asyncio.sleep(PAGE_EVERY)

    async def _get(self, client: httpx.AsyncClient, path: str, waited: Waited, seconds: list[float]) -> None:
        begun = time.monotonic()
        try:
            (await client.get(path)).raise_for_status()
            seconds.append(time.monotonic() - begun)
        except FAILURES:
            waited.refused += 1
            seconds.append(max(PATIENCE, time.monotonic() - begun))

    async def _talk(self, number: int) -> None:
        cookie, seen = "", 0
        await asyncio.sleep(number * EVERY / 2)
        while not self._stopping:
            with suppress(*FAILURES):
                cookie = cookie or await self._cookie()
                async with self._socket(cookie, seen) as line:
                    voice = Voice(self, number, line, seen)
                    try:
                        await voice.talk()
                    finally:
                        seen = voice.seen
                        voice.listening.cancel()
                return
            if not self._stopping:
                self.reconnects += 1
                await asyncio.sleep(0.2)
        self.still_talking.discard(number)

    def _socket(self, cookie: str, seen: int) -> connect:
        query = f"?after={seen}" if seen and not self.tutorial else ""
        return connect(
            f"{self.base.replace('http', 'ws', 1)}/ws/chat/{self.room}/{query}",
            origin=Origin(self.base),
            subprotocols=None if self.tutorial else [Subprotocol("chat.v1")],
            additional_headers={"Cookie": cookie} if cookie else {},
            compression=None,
            ping_interval=None,
            open_timeout=PATIENCE,
            close_timeout=1,
            max_size=None,
        )

    @property
    def stopping(self) -> bool:
        return self._stopping


class Voice:
    """One of the couple, for as long as a socket lasts."""

    def __init__(self, innocents: Innocents, number: int, line: ClientConnection, seen: int) -> None:
        self.innocents, self.number, self.line, self.seen = innocents, number, line, seen
        self.answers: asyncio.Queue[tuple[str, bool]] = asyncio.Queue()
        self.listening = asyncio.create_task(self._listen())

    async def talk(self) -> None:
        if self.innocents.tutorial:  # it sends no `hello`
            self.innocents.has_arrived[self.number].set()
        await self.innocents.has_arrived[1 - self.number].wait()  # what nobody can hear yet is not lost
        while not self.innocents.stopping:
            begun = time.monotonic()
            await self._say(f"{self.number} {uuid4()}")
            await asyncio.sleep(max(0.0, EVERY - (time.monotonic() - begun)))
        self.innocents.still_talking.discard(self.number)
        async with asyncio.timeout(HEARD_WITHIN):
            while not self._has_heard_all:
                await asyncio.sleep(0.02)

    @property
    def _has_heard_all(self) -> bool:
        others = self.innocents.acked[1 - self.number]
        return not self.innocents.still_talking and others <= self.innocents.heard[self.number]

    async def _say(self, text: str) -> None:
        waited, begun, client_id = self.innocents.waited, time.monotonic(), str(uuid4())
        frame = {"message": text} if self.innocents.tutorial else {"message": text, "client_id": client_id}
        try:
            await self.line.send(json.dumps(frame))
            async with asyncio.timeout(PATIENCE):
                while (answer := await self.answers.get())[0] not in (client_id, text, "closed"):
                    pass
            if answer[0] == "closed":
                raise EOFError
        except FAILURES:
            waited.refused += 1
            waited.acks.append(max(PATIENCE, time.monotonic() - begun))
            raise
        if answer[1]:
            self.innocents.acked[self.number].add(text)
            waited.acks.append(time.monotonic() - begun)
        else:
            waited.refused += 1

    async def _listen(self) -> None:
        with suppress(*FAILURES):
            async for frame in self.line:
                events = json.loads(frame)
                for event in events if isinstance(events, list) else [events]:
                    self._take(event)
        self.answers.put_nowait(("closed", False))

    def _take(self, event: dict[str, Any]) -> None:
        kind = event.get("type", "message")
        self.seen = max(self.seen, event.get("seq", 0))
        if kind == "message":
            text = str(event.get("text") or event.get("message"))
            self.innocents.heard[self.number].add(text)
            if self.innocents.tutorial:
                self.answers.put_nowait((text, True))
        elif kind == "hello":
            self.innocents.has_arrived[self.number].set()
        elif kind in ("ack", "error"):
            self.answers.put_nowait((event.get("client_id", ""), kind == "ack"))
