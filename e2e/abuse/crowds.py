"""Many who mean no harm, and look like an attack: they have to be let in."""

import asyncio
import contextlib
import json
import re
import time
from uuid import uuid4

from e2e.abuse.attacks import together
from e2e.abuse.lines import FAILURES, PING, PONG, TEXT, Attacker, Stream, frame, read_frame

COOKIE = re.compile(rb"chat_guest=[^;]+")
PAGE_PATIENCE = 20.0


async def crowd(attacker: Attacker, people: int = 300, within: float = 10.0) -> None:
    """A school behind one address: half load the page first, half bring no cookie. All come within 10 s and talk."""
    slowest = 0.0

    async def one(number: int) -> None:
        nonlocal slowest
        await asyncio.sleep(within * number / people)
        begun = time.monotonic()
        person = Person(attacker)
        try:
            if number % 2:
                await person.load_page()
            await person.connect()
            for each in range(2):
                await person.say(f"person {number}: {each}")
            slowest = max(slowest, time.monotonic() - begun)
            await attacker.hold()
        except FAILURES as error:
            attacker.count(f"failed: {type(error).__name__}")
        finally:
            person.leave()

    await together(attacker, *[one(number) for number in range(people)])
    attacker.tally.notes.append(f"from the page to the second acknowledgement {slowest:.1f} s at most")


async def returns(attacker: Attacker, messages: int = 64) -> None:
    """Back from a train with an outbox: sent one at a time, and again when the server says when, as the page does."""
    person = Person(attacker)
    begun = time.monotonic()
    try:
        await person.load_page()
        await person.connect()
        for number in range(messages):
            await person.say(f"from the train {number}")
    except FAILURES as error:
        attacker.count(f"failed: {type(error).__name__}")
    finally:
        person.leave()
    attacker.tally.notes.append(f"all said after {time.monotonic() - begun:.1f} s")


class Person:
    """A page: a guest's cookie, a socket, one message after the other."""

    def __init__(self, attacker: Attacker) -> None:
        self.attacker = attacker
        self.cookie = ""
        self.line: Stream | None = None

    async def load_page(self) -> None:
        line = await self.attacker.open()
        try:
            await self.attacker.send(line, self.attacker.head(f"/chat/{self.attacker.room}/", "Connection: close"))
            async with asyncio.timeout(PAGE_PATIENCE):
                answer = await line.reader.read(-1)
        finally:
            line.writer.close()
        self.attacker.count(f"page {answer.split(b' ', 2)[1].decode()}")
        if found := COOKIE.search(answer):
            self.cookie = found[0].decode()

    async def connect(self) -> None:
        headers = [f"Cookie: {self.cookie}"] if self.cookie else []
        self.line = await self.attacker.websocket("", *headers)

    async def say(self, text: str) -> None:
        """Until it is acknowledged."""
        client_id = str(uuid4())
        said = frame(json.dumps({"message": text, "client_id": client_id}).encode())
        while True:
            await self.attacker.send(self.line, said)
            wait = await self.answered(client_id)
            if wait is None:
                self.attacker.count("acknowledged")
                return
            self.attacker.count("told to wait")
            await asyncio.sleep(wait)

    async def answered(self, client_id: str) -> float | None:
        """Seconds to wait before saying it again; None once it is said."""
        marks = f'"client_id":"{client_id}"'.encode()
        async with asyncio.timeout(PAGE_PATIENCE):
            while True:
                opcode, payload = await read_frame(self.line.reader)
                if opcode == PING:
                    await self.attacker.send(self.line, frame(payload, PONG), requests=0)
                elif opcode != TEXT:
                    self.attacker.count(f"closed {int.from_bytes(payload[:2])}")
                    raise EOFError
                if marks not in payload:
                    continue
                events = json.loads(payload)
                for event in events if isinstance(events, list) else [events]:
                    if event.get("client_id") == client_id and event["type"] == "ack":
                        return None
                    if event.get("client_id") == client_id and event["type"] == "error":
                        return float(event.get("retry_after", 1))

    def leave(self) -> None:
        if self.line:
            with contextlib.suppress(OSError):
                self.line.writer.transport.abort()
