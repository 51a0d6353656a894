"""Clients as docs/protocol.md describes them, without a browser: readers that resume, writers with an outbox."""

import asyncio
import json
import random
import re
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from typing import Any
from uuid import uuid4

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidHandshake, WebSocketException
from websockets.typing import Origin, Subprotocol

PING_EVERY = 20.0  # seconds, as in static/chat/connection.js
PONG_WITHIN = 10.0
ANSWER_WITHIN = 15.0
SSE_SILENCE = 25.0
BACKOFF = 1.0  # at most, at random; the page waits longer, this is to find faults faster

Base = Callable[[], str]  # http://host:port of whoever serves now
Event = dict[str, Any]
FAILURES = (OSError, WebSocketException, InvalidHandshake, TimeoutError, httpx.HTTPError, EOFError, ValueError)


def socket(base: str, room: str, after: int | None = None, **options: Any) -> connect:
    """Of a room; without its name the lobby's."""
    path = f"{room}/" if room else ""
    query = "" if after is None else f"?after={after}"
    return connect(
        f"{base.replace('http', 'ws', 1)}/ws/chat/{path}{query}",
        origin=Origin(base),
        subprotocols=[Subprotocol("chat.v1")],
        compression=None,
        ping_interval=None,
        open_timeout=5,
        close_timeout=1,
        max_size=None,
        **options,
    )


def events_of(frame: str | bytes) -> list[Event]:
    events = json.loads(frame)
    return events if isinstance(events, list) else [events]


SEQ = re.compile(r'data-seq="(\d+)"')
MESSAGE = re.compile(r'id="m(\d+)".*?<div class="text"[^>]*><p>(.*?)</p></div>', re.DOTALL)
OLDER = re.compile(r'hx-get="([^"]*/history/[^"]*)"')


class Reset(Exception):  # noqa: N818 - the server asks for it
    pass


class Reader:
    """Follows a room over one transport and keeps account of what it is told."""

    def __init__(self, base: Base, room: str, transport: str = "websocket", cookie: str = "") -> None:
        self.base, self.room, self.transport = base, room, transport
        self.headers = {"cookie": cookie} if cookie else {}
        self.seq = 0
        self.texts: dict[int, str] = {}  # by id
        self.heard: Counter[int] = Counter()
        self.duplicated = self.reordered = self.resets = self.connects = 0
        self.codes: list[int] = []
        self.latencies: list[float] = []  # seconds since the text was sent, if it says when
        self.task = asyncio.create_task(self._run())

    async def _run(self) -> None:
        while True:
            with suppress(*FAILURES):
                try:
                    async for event in getattr(self, f"_{self.transport}")():
                        self._take(event)
                except Reset:
                    await self._load_page()
            await asyncio.sleep(random.random() * BACKOFF)

    def _take(self, event: Event) -> None:
        if event["type"] == "hello":
            self.connects += 1
        if event["type"] == "reset":
            self.resets += 1
            raise Reset
        if event["type"] not in ("message", "deleted"):
            return
        seq = event["seq"]
        if self.heard[seq]:
            self.duplicated += 1
        elif seq <= self.seq:
            self.reordered += 1
        self.heard[seq] += 1
        self.seq = max(self.seq, seq)
        if event["type"] == "deleted":
            self.texts.pop(event["id"], None)
        else:
            self.texts[event["id"]] = event["text"]
            if (sent := event["text"].rpartition(" at ")[2]) and event["text"].startswith("m "):
                self.latencies.append(time.monotonic() - float(sent))

    async def _load_page(self) -> None:
        """The page and all its history, as a browser would after a `reset` that scrolls up to the beginning."""
        async with httpx.AsyncClient(base_url=self.base(), timeout=5) as client:
            html = (await client.get(f"/chat/{self.room}/")).raise_for_status().text
            if not (seq := SEQ.search(html)):
                raise EOFError
            texts = dict(MESSAGE.findall(html))
            while older := OLDER.search(html):
                html = (await client.get(older[1])).raise_for_status().text
                texts |= dict(MESSAGE.findall(html))
        self.texts = {int(id): text for id, text in texts.items()}
        self.seq = int(seq[1])

    async def _websocket(self) -> AsyncIterator[Event]:
        try:
            async with socket(self.base(), self.room, self.seq, additional_headers=self.headers) as line:
                pinging = asyncio.create_task(_ping(line))
                try:
                    while True:
                        async with asyncio.timeout(PING_EVERY + PONG_WITHIN):
                            frame = await line.recv()
                        for event in events_of(frame):
                            yield event
                finally:
                    pinging.cancel()
        finally:
            with suppress(UnboundLocalError):
                if line.close_code:
                    self.codes.append(line.close_code)

    async def _events(self) -> AsyncIterator[Event]:
        timeout = httpx.Timeout(5, read=SSE_SILENCE)
        async with (
            httpx.AsyncClient(base_url=self.base(), timeout=timeout, headers=self.headers) as client,
            client.stream("GET", f"/chat/{self.room}/events/", params={"after": self.seq}) as response,
        ):
            response.raise_for_status()
            async for line in response.aiter_lines():
                if line.startswith("data: "):
                    yield json.loads(line[6:])

    async def _poll(self) -> AsyncIterator[Event]:
        timeout = httpx.Timeout(5, read=20)
        async with httpx.AsyncClient(base_url=self.base(), timeout=timeout, headers=self.headers) as client:
            while True:
                response = await client.get(f"/chat/{self.room}/poll/", params={"after": self.seq, "wait": 10})
                for event in response.raise_for_status().json()["events"]:
                    yield event

    async def stop(self) -> None:
        self.task.cancel()
        with suppress(asyncio.CancelledError):
            await self.task


async def _ping(line: ClientConnection) -> None:
    while True:
        await asyncio.sleep(PING_EVERY)
        await line.send('{"type":"ping"}')


class Writer:
    """Says one thing after the other; each is sent again under its `client_id` until it is acknowledged."""

    def __init__(self, base: Base, room: str, name: str, interval: float, length: int = 0, cookie: str = "") -> None:
        self.base, self.room, self.name = base, room, name
        self.headers = {"cookie": cookie} if cookie else {}
        self.interval, self.length = interval, length  # seconds, characters
        self.sent = 0
        self.acked: dict[str, tuple[int, str]] = {}  # client_id: seq and text
        self.ack_seconds: list[float] = []
        self.refused: Counter[str] = Counter()
        self.running = True
        self.task = asyncio.create_task(self._run())

    async def _run(self) -> None:
        line: ClientConnection | None = None
        while self.running:
            text = f"m {self.name} {self.sent} {'x' * self.length} at {time.monotonic()}"
            client_id = str(uuid4())
            self.sent += 1
            begun = time.monotonic()
            while client_id not in self.acked:
                try:
                    if line is None:
                        line = await socket(self.base(), self.room, additional_headers=self.headers)
                    await self._say(line, client_id, text)
                except FAILURES:
                    if line:
                        line.transport.abort()
                    line = None
                    await asyncio.sleep(random.random() * BACKOFF / 2)
            self.ack_seconds.append(time.monotonic() - begun)
            await asyncio.sleep(max(0.0, self.interval - (time.monotonic() - begun)))
        if line:
            await line.close()

    async def _say(self, line: ClientConnection, client_id: str, text: str) -> None:
        await line.send(json.dumps({"message": text, "client_id": client_id}))
        async with asyncio.timeout(ANSWER_WITHIN):
            while True:
                for event in events_of(await line.recv()):
                    if event.get("client_id") != client_id or event["type"] not in ("ack", "error"):
                        continue
                    if event["type"] == "ack":
                        self.acked[client_id] = (event["seq"], text)
                        return
                    self.refused[event["code"]] += 1
                    await asyncio.sleep(0.5)
                    return

    async def stop(self, timeout: float = 60.0) -> None:
        """Finish what was begun, and no more."""
        self.running = False
        async with asyncio.timeout(timeout):
            await self.task


class Burst(Writer):
    """Says things at a steady pace without waiting for the answers, and what was not answered again."""

    async def _run(self) -> None:
        said: dict[str, str] = {}
        due = time.monotonic()
        while self.running or len(self.acked) < self.sent:
            with suppress(*FAILURES):
                async with socket(self.base(), self.room) as line:
                    listening = asyncio.create_task(self._listen(line, said))
                    try:
                        for client_id in said.keys() - self.acked.keys():
                            await self._send(line, client_id, said[client_id])
                        while self.running:
                            client_id = str(uuid4())
                            said[client_id] = f"m {self.name} {self.sent} {'x' * self.length} at {time.monotonic()}"
                            self.sent += 1
                            await self._send(line, client_id, said[client_id])
                            due = max(due + self.interval, time.monotonic() - 1)
                            await asyncio.sleep(max(0.0, due - time.monotonic()))
                        async with asyncio.timeout(ANSWER_WITHIN):
                            while len(self.acked) < self.sent and not listening.done():
                                await asyncio.sleep(0.01)
                    finally:
                        listening.cancel()

    async def _send(self, line: ClientConnection, client_id: str, text: str) -> None:
        await line.send(json.dumps({"message": text, "client_id": client_id}))

    async def _listen(self, line: ClientConnection, said: dict[str, str]) -> None:
        with suppress(WebSocketException):
            async for frame in line:
                for event in events_of(frame) if '"ack"' in str(frame) else ():
                    if event["type"] == "ack":
                        self.acked[event["client_id"]] = (event["seq"], said[event["client_id"]])


class NaiveReader:
    """A client of the Channels tutorial that at least connects again."""

    def __init__(self, base: Base, room: str) -> None:
        self.base, self.room = base, room
        self.heard: Counter[str] = Counter()
        self.connects = 0
        self.line: ClientConnection | None = None
        self.task = asyncio.create_task(self._run())

    async def _run(self) -> None:
        while True:
            with suppress(*FAILURES):
                async with connect(f"{self.base().replace('http', 'ws', 1)}/ws/chat/{self.room}/") as self.line:
                    self.connects += 1
                    async for frame in self.line:
                        self.heard[json.loads(frame)["message"]] += 1
            await asyncio.sleep(random.random() * BACKOFF)

    async def stop(self) -> None:
        self.task.cancel()
        with suppress(asyncio.CancelledError):
            await self.task


class NaiveWriter(NaiveReader):
    def __init__(self, base: Base, room: str, name: str) -> None:
        super().__init__(base, room)
        self.name = name
        self.said: list[str] = []
        self.speech = asyncio.create_task(self._speak())

    async def _speak(self) -> None:
        while True:
            await asyncio.sleep(0.05)
            with suppress(*FAILURES):
                if self.line:
                    text = f"{self.name} {len(self.said)}"
                    self.said.append(text)  # before it can be heard
                    await self.line.send(json.dumps({"message": text}))

    async def stop(self) -> None:
        self.speech.cancel()
        await super().stop()
