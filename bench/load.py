"""The load: many WebSockets on one thread without an event loop, so that it costs less than what it measures.

A message is 100 bytes, beginning with `~` and an eight-digit number by which it is known again in whatever frame it
comes back. A delivery is one message received by one socket.
"""

import json
import os
import select
import socket
import struct
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from uuid import uuid4

LENGTH = 100  # bytes of a message
READ = 1 << 18
PING, PONG = b"\x89\x04", b"\x8a\x84"  # heads of frames: uvicorn's, every 20 s, with four bytes to be sent back
MASK = b"\0\0\0\0"  # a mask of zeros leaves the payload as it is: the load need not be unpredictable
DRAIN = 10.0  # seconds at most, for what is on its way when a flow ends


@dataclass(frozen=True)
class Dialect:
    """How a peer is spoken to: where, in which frames, and what stands before a message's number when it comes back."""

    path: str
    mark: bytes
    subprotocol: str = ""
    greeting: tuple[str, ...] = ()  # sent after the handshake

    def message(self, text: str) -> str:
        return json.dumps({"message": text})


class ChatV1(Dialect):
    def message(self, text: str) -> str:
        return json.dumps({"message": text, "client_id": str(uuid4())})


class SocketIO(Dialect):
    def message(self, text: str) -> str:
        return "42" + json.dumps(["message", text])


CHAT_V1 = ChatV1("/ws/chat/{room}/", b'"text":"~', "chat.v1")
TUTORIAL = Dialect("/ws/chat/{room}/", b'"message": "~')
SOCKET_IO = SocketIO("/socket.io/?EIO=4&transport=websocket", b'"message":"~', greeting=("40",))
WS = Dialect("/", b'"message": "~')


def masked(text: str, opcode: int = 1) -> bytes:
    payload = text.encode()
    size = len(payload)
    head = bytes([0x80 | opcode]) + (
        bytes([0x80 | size]) if size < 126 else bytes([0x80 | 126]) + struct.pack("!H", size)
    )
    return head + MASK + payload


@dataclass
class Result:
    deliveries: int = 0
    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)  # seconds, one for each delivery

    def percentile(self, share: float) -> float:
        """Milliseconds."""
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000 if ordered else float("nan")


class Crowd:
    """So many sockets in a room; see `Dialect` for how they speak."""

    def __init__(self, port: int, dialect: Dialect, cookie: str = "") -> None:
        self.port, self.dialect, self.cookie = port, dialect, cookie
        self.sockets: dict[int, socket.socket] = {}
        self.rooms: list[list[int]] = []
        self.room_of: dict[int, int] = {}
        self.poll = select.epoll()
        self.tails: dict[int, bytes] = {}
        self.acks = 0
        self.closed = 0

    def connect(self, count: int, room: str = "bench", ports: tuple[int, ...] = ()) -> None:
        """Open sockets in one more room, 50 at a time, and wait until each is greeted."""
        ports = ports or (self.port,)
        members: list[int] = []
        for start in range(0, count, 50):
            opened = [self._open(room, ports[n % len(ports)]) for n in range(start, min(start + 50, count))]
            for line in opened:
                self._greeted(line)
                number = line.fileno()
                line.setblocking(False)
                self.sockets[number] = line
                self.tails[number] = b""
                self.room_of[number] = len(self.rooms)
                self.poll.register(number, select.EPOLLIN)
                members.append(number)
        self.rooms.append(members)

    def _open(self, room: str, port: int) -> socket.socket:
        line = socket.create_connection(("127.0.0.1", port))
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        origin = f"127.0.0.1:{port}"
        headers = [
            f"GET {self.dialect.path.format(room=room)} HTTP/1.1",
            f"Host: {origin}",
            f"Origin: http://{origin}",
            "Connection: Upgrade",
            "Upgrade: websocket",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
        ]
        if self.dialect.subprotocol:
            headers.append(f"Sec-WebSocket-Protocol: {self.dialect.subprotocol}")
        if self.cookie:
            headers.append(f"Cookie: {self.cookie}")
        line.sendall("\r\n".join([*headers, "", ""]).encode())
        return line

    def _greeted(self, line: socket.socket) -> None:
        """Read the handshake, say the greeting, and wait for whatever the peer says first."""
        line.settimeout(30)
        data = b""
        while b"\r\n\r\n" not in data:
            data += line.recv(4096)
        if not data.startswith(b"HTTP/1.1 101"):
            raise OSError(data[:200])
        expected = {"chat.v1": b'"hello"'}.get(self.dialect.subprotocol, b'"sid"' if self.dialect.greeting else b"")
        rest = data.partition(b"\r\n\r\n")[2]
        while expected not in rest:
            rest += line.recv(4096)
        for text in self.dialect.greeting:
            line.sendall(masked(text))
            rest = line.recv(4096)

    def say(self, number: int, message: int) -> None:
        text = f"~{message:08d}".ljust(LENGTH, "x")
        self._write(number, masked(self.dialect.message(text)))

    def _write(self, number: int, data: bytes) -> None:
        self.sockets[number].setblocking(True)
        self.sockets[number].sendall(data)
        self.sockets[number].setblocking(False)

    def received(self, timeout: float) -> Iterator[tuple[int, int]]:
        """(socket, message number) for each delivery that has come in."""
        mark = self.dialect.mark
        size = len(mark)
        for number, _ in self.poll.poll(timeout):
            try:
                data = self.sockets[number].recv(READ)
            except BlockingIOError:
                continue
            if not data:
                self.poll.unregister(number)
                self.closed += 1
                continue
            if self.dialect is SOCKET_IO and b"\x81\x012" in data[:3]:
                self._write(number, masked("3"))  # its heartbeat
            if (at := data.find(PING)) >= 0 and len(data) >= at + 6:
                self._write(number, PONG + MASK + data[at + 2 : at + 6])
            self.acks += data.count(b'"type":"ack"')
            if self.tails[number]:
                data = self.tails[number] + data
            at = data.find(mark)
            done = 0
            while at >= 0 and len(data) >= at + size + 8:
                done = at + size + 8
                yield number, int(data[at + size : done])
                at = data.find(mark, done)
            self.tails[number] = data[max(done, len(data) - size - 8) :] if len(data) > done else b""

    def flow(self, messages: int, writers: int, seconds: float = 60.0) -> Result:
        """So many messages on their way at once, each said as soon as everybody in its room has heard one before.

        After `seconds` nothing more is said, and what is on its way arrives.
        """
        result = Result()
        seats = [self.rooms[n % len(self.rooms)] for n in range(writers)]
        speakers = [members[n // len(self.rooms) % len(members)] for n, members in enumerate(seats)]
        missing: dict[int, int] = {}
        sent_at: dict[int, float] = {}
        spoken_by: dict[int, int] = {}
        begun = time.perf_counter()

        def speak(speaker: int) -> None:
            message = len(sent_at)
            missing[message] = len(self.rooms[self.room_of[speaker]])
            spoken_by[message] = speaker
            sent_at[message] = time.perf_counter()
            self.say(speaker, message)

        for speaker in speakers[:messages]:
            speak(speaker)
        while missing and (passed := time.perf_counter() - begun) < seconds + DRAIN:
            for _, message in self.received(1.0):
                result.deliveries += 1
                result.latencies.append(time.perf_counter() - sent_at[message])
                missing[message] -= 1
                if not missing[message]:
                    del missing[message]
                    if len(sent_at) < messages and passed < seconds:
                        speak(spoken_by[message])
        result.seconds = time.perf_counter() - begun
        return result

    def pace(self, messages: int, rate: float) -> Result:
        """So many messages a second, whether or not the last one has arrived."""
        result = Result()
        sent_at: list[float] = []
        expected = messages * len(self.rooms[0])
        begun = time.perf_counter()
        while result.deliveries < expected and time.perf_counter() - begun < messages / rate + 30:
            due = begun + len(sent_at) / rate
            now = time.perf_counter()
            if len(sent_at) < messages and now >= due:
                sent_at.append(now)
                self.say(self.rooms[0][len(sent_at) % 10], len(sent_at) - 1)
                continue
            wait = max(0.0, due - now) if len(sent_at) < messages else 1.0
            for _, message in self.received(wait):
                result.deliveries += 1
                result.latencies.append(time.perf_counter() - sent_at[message])
        result.seconds = time.perf_counter() - begun
        return result

    def close(self) -> None:
        for line in self.sockets.values():
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            line.close()
        self.poll.close()


def pin(number: int) -> int:
    """Keep this process on one core, so that the server has the other; returns the core."""
    cores = sorted(os.sched_getaffinity(0))
    core = cores[number % len(cores)]
    os.sched_setaffinity(0, {core})
    return core
