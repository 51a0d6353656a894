"""What an attacker needs: raw lines to one server, HTTP and WebSocket by hand, and a tally of the answers."""

import asyncio
import contextlib
import json
import socket
import time
from collections import Counter
from dataclasses import dataclass, field
from uuid import uuid4

CSRF = "a" * 32  # a token that anybody can make up: the cookie and the field have to be the same
PATIENCE = 5.0  # seconds for an answer, and for the server to take what is sent
TEXT, CLOSE, PING, PONG = 1, 8, 9, 10
FAILURES = (OSError, EOFError, TimeoutError, ValueError, IndexError, asyncio.LimitOverrunError)


def middle(values: list[float]) -> float:
    return sorted(values)[len(values) // 2] if values else 0.0


@dataclass
class Tally:
    """What was sent, and how it was answered: by HTTP status, WebSocket close code, or the code of an `error`."""

    bytes: int = 0
    requests: int = 0
    answers: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)  # until an answer, where it is timed
    ratios: list[float] = field(default_factory=list)  # of its cost to that of what is ordinary
    notes: list[str] = field(default_factory=list)


@dataclass
class Stream:
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter


class Attacker:
    """One client: lines to a port of this machine from an address of its own, until a deadline."""

    def __init__(self, port: int, room: str, seconds: float, address: str = "127.0.0.66") -> None:
        self.port, self.room, self.address = port, room, address
        self.deadline = time.monotonic() + seconds
        self.tally = Tally()

    @property
    def goes_on(self) -> bool:
        return time.monotonic() < self.deadline

    @property
    def left(self) -> float:
        return max(0.0, self.deadline - time.monotonic())

    def count(self, answer: object, times: int = 1) -> None:
        self.tally.answers[str(answer)] += times

    async def open(self, *, buffer: int = 0, address: str = "") -> Stream:
        """With a `buffer` the system takes only so much of what the server sends and nobody reads."""
        line = socket.socket()
        line.setblocking(False)
        if buffer:
            line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, 536)
        try:
            line.bind((address or self.address, 0))
            async with asyncio.timeout(PATIENCE):
                await asyncio.get_running_loop().sock_connect(line, ("127.0.0.1", self.port))
            return Stream(*await asyncio.open_connection(sock=line, limit=buffer or 65536))
        except BaseException:
            line.close()
            raise

    async def send(self, line: Stream, data: bytes, *, requests: int = 1) -> None:
        line.writer.write(data)
        async with asyncio.timeout(PATIENCE):
            await line.writer.drain()
        self.tally.bytes += len(data)
        self.tally.requests += requests

    def head(self, path: str, *headers: str, method: str = "GET", host: str = "") -> bytes:
        host = host or f"127.0.0.1:{self.port}"
        lines = [f"{method} {path} HTTP/1.1", f"Host: {host}", *headers, "", ""]
        return "\r\n".join(lines).encode("latin-1")

    def post(self, path: str, body: bytes, *headers: str) -> bytes:
        """A form that passes the checks against forgery without having loaded a page."""
        return self.post_head(path, len(body), *headers) + body

    def post_head(self, path: str, length: int, *headers: str) -> bytes:
        forged = (f"Cookie: chat_csrf={CSRF}", f"X-CSRFToken: {CSRF}", f"Origin: http://127.0.0.1:{self.port}")
        form = "Content-Type: application/x-www-form-urlencoded"
        return self.head(path, *forged, form, f"Content-Length: {length}", *headers, method="POST")

    async def ask(self, request: bytes, *, timed: bool = False) -> tuple[int, bytes]:
        """One request on a line of its own. Counts its status; 0 is a line that was cut without an answer."""
        begun = time.monotonic()
        status, body = 0, b""
        with contextlib.suppress(*FAILURES):
            line = await self.open()
            try:
                with contextlib.suppress(OSError, TimeoutError):  # refused before all was sent: there is an answer
                    await self.send(line, request.replace(b"\r\n", b"\r\nConnection: close\r\n", 1))
                status, body = await self.answer(line)
            finally:
                line.writer.close()
        self.count(status or "cut")
        if timed:
            self.tally.seconds.append(time.monotonic() - begun)
        return status, body

    async def answer(self, line: Stream, within: float = PATIENCE) -> tuple[int, bytes]:
        async with asyncio.timeout(within):
            head = await line.reader.readuntil(b"\r\n\r\n")
            return int(head.split(b" ", 2)[1]), await line.reader.read()

    def websocket_head(self, room: str = "", *headers: str, query: str = "", path: str = "") -> bytes:
        return self.head(
            path or f"/ws/chat/{room or self.room}/{query}",
            f"Origin: http://127.0.0.1:{self.port}",
            "Connection: Upgrade",
            "Upgrade: websocket",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==",
            "Sec-WebSocket-Protocol: chat.v1",
            *headers,
        )

    async def websocket(
        self, room: str = "", *headers: str, address: str = "", query: str = "", path: str = "", buffer: int = 0
    ) -> Stream:
        """An open socket, in a room or at a path; the status of a refused handshake is counted."""
        line = await self.open(address=address, buffer=buffer)
        try:
            await self.send(line, self.websocket_head(room, *headers, query=query, path=path), requests=0)
            async with asyncio.timeout(PATIENCE):
                head = await line.reader.readuntil(b"\r\n\r\n")
        except BaseException:
            line.writer.close()
            raise
        if b" 101 " not in head.split(b"\r\n", 1)[0]:
            self.count(head.split(b" ", 2)[1].decode())
            line.writer.close()
            raise ConnectionRefusedError
        return line

    async def listen(self, line: Stream) -> None:
        """Read to the end. Counts refusals and the close code."""
        code = "cut"
        with contextlib.suppress(*FAILURES):
            while True:
                opcode, payload = await read_frame(line.reader)
                if opcode == CLOSE:
                    code = str(int.from_bytes(payload[:2])) if payload else "1005"
                    break
                if b'"type":"error"' in payload:
                    self.count(error_code(payload))
                elif b'"type":"ack"' in payload:
                    self.count("ack", payload.count(b'"type":"ack"'))
        self.count(f"closed {code}" if code != "cut" else code)

    async def hold(self) -> None:
        """Until the time is up."""
        await asyncio.sleep(self.left)


def frame(payload: bytes, opcode: int = TEXT, *, fin: bool = True) -> bytes:
    """As a client sends it, masked with zeros: that is allowed, and costs the attacker nothing."""
    first = (0x80 if fin else 0) | opcode
    size = len(payload)
    if size < 126:
        head = bytes((first, 0x80 | size))
    elif size < 65536:
        head = bytes((first, 0x80 | 126)) + size.to_bytes(2)
    else:
        head = bytes((first, 0x80 | 127)) + size.to_bytes(8)
    return head + bytes(4) + payload


def say(text: str) -> bytes:
    return frame(json.dumps({"message": text, "client_id": str(uuid4())}).encode())


async def read_frame(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    first, second = await reader.readexactly(2)
    size = second & 0x7F
    if size > 125:
        size = int.from_bytes(await reader.readexactly(2 if size == 126 else 8))
    return first & 0x0F, await reader.readexactly(size)


def error_code(payload: bytes) -> str:
    events = json.loads(payload)
    for event in events if isinstance(events, list) else [events]:
        if event["type"] == "error":
            return str(event["code"])
    return "message"
