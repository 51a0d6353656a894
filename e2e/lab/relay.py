"""A line between server B and Redis that loses, doubles, delays and swaps what is published, as it is told."""

import asyncio
from contextlib import suppress

from learn.lab.layer import OVERTAKEN

CHUNK = 65536


class Relay:
    """Reads the protocol of Redis, and hands on all but the published messages that it is told to tamper with."""

    def __init__(self, port: int) -> None:
        self._redis = port
        self.faults: dict[bytes, str] = {}  # of the next message, by what is in its channel's name
        self._held: dict[bytes, list[tuple[int, bytes]]] = {}  # with how many messages are to overtake it
        self._links: set[asyncio.StreamWriter] = set()

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.port: int = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        self._server.close()
        for link in tuple(self._links):
            link.transport.abort()
        await self._server.wait_closed()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        links = {writer}
        try:
            answers, redis = await asyncio.open_connection("127.0.0.1", self._redis)
            links.add(redis)
            self._links |= links
            flows = {asyncio.create_task(self._up(reader, redis)), asyncio.create_task(self._down(answers, writer))}
            _, others = await asyncio.wait(flows, return_when=asyncio.FIRST_COMPLETED)
            for flow in others:
                flow.cancel()
        except OSError:
            pass
        finally:
            for link in links:
                link.transport.abort()
            self._links -= links

    async def _up(self, reader: asyncio.StreamReader, redis: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await reader.read(CHUNK):
                redis.write(data)

    async def _down(self, answers: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        buffer = b""
        with suppress(OSError):
            while data := await answers.read(CHUNK):
                buffer += data
                while end := end_of_reply(buffer, 0):
                    reply, buffer = buffer[:end], buffer[end:]
                    writer.write(b"".join(self._tampered(reply)))

    def _tampered(self, reply: bytes) -> list[bytes]:
        channel = published_on(reply)
        key = next((key for key in (*self.faults, *self._held) if key in channel), b"") if channel else b""
        if not key:
            return [reply]
        fault = self.faults.pop(key, "")
        if fault == "drop":
            return []
        if fault in OVERTAKEN:
            self._held.setdefault(key, []).append((OVERTAKEN[fault], reply))
            return []
        held = [(count - 1, late) for count, late in self._held.pop(key, [])]
        if waiting := [(count, late) for count, late in held if count]:
            self._held[key] = waiting
        return [reply] * (2 if fault == "twice" else 1) + [late for count, late in held if not count]


def published_on(reply: bytes) -> bytes:
    """The channel of a published message; empty for any other reply."""
    parts = reply.split(b"\r\n", 5)  # the kind of reply, then a size and a text by turns
    is_message = len(parts) > 4 and parts[0] in (b"*3", b">3") and parts[2] == b"message"
    return parts[4] if is_message else b""


def end_of_reply(data: bytes, at: int) -> int:
    """Behind the reply that begins at `at`, in RESP 2 or 3; 0 if it is not there whole."""
    line = data.find(b"\r\n", at)
    if line < 0:
        return 0
    kind, rest = data[at : at + 1], data[at + 1 : line]
    end = line + 2
    if kind in b"$=!" and rest != b"-1":
        end += int(rest) + 2
        return end if end <= len(data) else 0
    if kind in b"*~>%" and rest != b"-1":
        for _ in range(int(rest) * (2 if kind == b"%" else 1)):
            end = end_of_reply(data, end) if end < len(data) else 0
            if not end:
                return 0
    return end
