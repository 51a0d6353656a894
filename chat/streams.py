"""The room without a WebSocket: Server-Sent Events and long-poll, members of the same feed with the same events.

Plain ASGI, before Django: its handler holds a thread for each request, so idle streams would use up all of them.
Channels' `AsyncHttpConsumer` would not notice a client that has gone.
"""

import asyncio
import json
from abc import ABC, abstractmethod
from contextlib import suppress
from typing import Any, ClassVar

from django.db import Error as DatabaseError

from chat import protocol
from chat.direct import resolved
from chat.events import Frame, Whisper, as_sse
from chat.handshake import Scope, header, is_our_host, query_parameter, visitor
from chat.hub import hub
from chat.names import canonical_room_name
from chat.observed import metrics
from chat.observed.access_log import LoggedConnection
from chat.people import Hints
from chat.protocol import TOO_SLOW, Event, Refused
from chat.subscriber import CLOSE_TIMEOUT, CUT_OFF, Subscriber

COMMENT_EVERY = 15.0  # seconds after which an SSE stream says that it is alive
WAIT_MAX = 25  # seconds that a long-poll may wait
GLANCED = 25.0  # seconds within which a tab that nobody looks at asks again: see static/chat/fallback.js
RESTARTS = 1012
STATUS = {protocol.SESSION_ENDED: 401, protocol.FORBIDDEN: 403, protocol.UNKNOWN: 404, protocol.TOO_MANY: 429}

_open: set["Stream"] = set()


class Stream(ABC):
    """The line of one request. `over` is set when it has nothing more to wait for."""

    transport: ClassVar[str]
    content_type: ClassVar[bytes] = b"application/json"
    room = ""
    back_within = CUT_OFF  # who means to go and who was cut off look alike here

    def __init__(self, scope: Scope, send: Any) -> None:
        self.scope, self._send = scope, send
        with suppress(ValueError):  # what is no room's name is refused in the same form as a room that one may not know
            self.room = canonical_room_name(scope["url_route"]["kwargs"]["room"])
        self.connection = LoggedConnection(self.transport, self.room)
        self.over = asyncio.Event()
        self.ending: tuple[int, Refused | None] = RESTARTS, None
        self.has_begun = False

    @classmethod
    async def application(cls, scope: Scope, receive: Any, send: Any) -> None:
        """Serve the request until it is answered, or its client has gone."""
        line = cls(scope, send)
        serving, gone = asyncio.create_task(line.serve()), asyncio.create_task(_gone(receive))
        _open.add(line)
        try:
            await asyncio.wait({serving, gone}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            _open.discard(line)
            gone.cancel()
            if not serving.done():
                serving.cancel()
            await asyncio.wait({serving, gone})
            line.connection.closed()
        if not serving.cancelled():
            serving.result()

    async def serve(self) -> None:
        try:
            if self.scope["method"] != "GET" or not is_our_host(self.scope):
                raise protocol.bad_frame("This is asked for by GET, under one of ALLOWED_HOSTS.")
            if not self.room:
                raise protocol.no_such_room()
            self.read_address()
            you = await visitor(self.scope)
            self.room = await resolved(self.room, you)
            self.subscriber = Subscriber(self.room, you, self)
            self.subscriber.back_within = self.back_within
            try:
                await self.follow(self.subscriber)
            finally:
                hub().leave(self.subscriber)
        except Refused as refused:
            metrics.REFUSED.labels(refused.code).inc()
            await self.refuse(refused, refused.close_code)
        except DatabaseError:
            await self.refuse(protocol.unavailable())

    def read_address(self) -> None:
        self.after = protocol.parse_seq(query_parameter(self.scope, "after"), "after")

    @abstractmethod
    async def follow(self, subscriber: Subscriber) -> None: ...

    @abstractmethod
    async def send_event(self, event: Event) -> None: ...

    @abstractmethod
    async def send_frame(self, frame: Frame | Whisper) -> None: ...

    async def refuse(self, refused: Refused, code: int = 0) -> None:
        status = STATUS.get(code) or refused.http_status
        await self.write(protocol.encode([refused.event()]).encode(), status=status, more=False)

    async def write(self, body: bytes, *, status: int = 200, more: bool = True) -> None:
        if not self.has_begun:
            self.has_begun = True
            headers = [
                (b"content-type", self.content_type if status == 200 else b"application/json"),
                (b"cache-control", b"private, no-store"),
                (b"vary", b"cookie"),
                (b"x-accel-buffering", b"no"),  # nginx would hold events back
                (b"x-content-type-options", b"nosniff"),
            ]
            await self._send({"type": "http.response.start", "status": status, "headers": headers})
        await self._send({"type": "http.response.body", "body": body, "more_body": more})

    def end(self, code: int, refused: Refused | None = None) -> None:
        if code == TOO_SLOW:
            self.connection.too_slow()
        self.ending = code, refused
        self.over.set()


class Events(Stream):
    """`/chat/<room>/events/?after=<seq>`; `Last-Event-ID` wins over `after`."""

    transport = "events"
    content_type = b"text/event-stream"

    def read_address(self) -> None:
        after = header(self.scope, b"last-event-id") or query_parameter(self.scope, "after")
        self.after = self.resumes_at = protocol.parse_seq(after, "after")

    async def follow(self, subscriber: Subscriber) -> None:
        self.connection.opened(subscriber.you.id)
        await hub().follow(subscriber, self.after)
        while not self.over.is_set():
            try:
                async with asyncio.timeout(COMMENT_EVERY):
                    await self.over.wait()
            except TimeoutError:
                await self.patiently(b": still here\n\n")
        _, refused = self.ending
        await self.patiently(as_sse(refused.event()).encode() if refused else b"", more=False)

    async def patiently(self, body: bytes, *, more: bool = True) -> None:
        """A client that does not read has a while to do so; then the line is cut."""
        async with asyncio.timeout(CLOSE_TIMEOUT):
            await self.write(body, more=more)

    async def refuse(self, refused: Refused, code: int = 0) -> None:
        if self.has_begun:
            await self.write(as_sse(refused.event()).encode(), more=False)
        else:
            await super().refuse(refused, code)

    async def send_event(self, event: Event) -> None:
        number = None
        if event["type"] == "hello":
            # Not the room's newest number while a replay is due: a client cut off now must come back for it.
            number = event["seq"] if self.resumes_at is None else self.resumes_at
            self.resumes_at = None
        await self.write(as_sse(event, number).encode())

    async def send_frame(self, frame: Frame | Whisper) -> None:
        await self.write(frame.sse)


class Poll(Stream):
    """`/chat/<room>/poll/?after=<seq>&wait=<seconds>&known=<word>`: what is new, at the latest after `wait` seconds."""

    transport = "poll"

    def read_address(self) -> None:
        super().read_address()
        wait = protocol.parse_seq(query_parameter(self.scope, "wait"), "wait")
        if wait is not None and wait > WAIT_MAX:
            raise protocol.bad_frame(f"wait: at most {WAIT_MAX} seconds.")
        self.wait = WAIT_MAX if wait is None else wait
        self.back_within = CUT_OFF if self.wait else GLANCED
        self.known = query_parameter(self.scope, "known")  # the word of the last answer: see chat.people.Hints
        self.seq, self.events = 0, "[]"
        self.woken = asyncio.Event()

    async def follow(self, subscriber: Subscriber) -> None:
        await hub().follow(subscriber, self.after)
        until = asyncio.get_running_loop().time() + self.wait
        hints, is_late = await self._look(), False
        while not (self.over.is_set() or hints.is_news or is_late):
            is_late = not await self._is_woken(until)
            hints = await self._look()
        code, refused = self.ending
        if refused:
            await self.refuse(refused, code)
        else:
            told = [protocol.encode([event]) for event in hints.events]
            events = ",".join(filter(None, [*told, self.events[1:-1]]))
            known = "" if self.known is None else f',"known":{json.dumps(hints.known)}'
            await self.write(f'{{"seq":{self.seq},"events":[{events}]{known}}}'.encode(), more=False)

    async def _look(self) -> Hints:
        self.woken.clear()
        return await hub().people.hints(self.subscriber, self.known)

    async def _is_woken(self, until: float) -> bool:
        try:
            async with asyncio.timeout_at(until):
                return await self.woken.wait()
        except TimeoutError:
            return False

    async def send_event(self, event: Event) -> None:
        if not self.over.is_set() and event["type"] in ("hello", "reset"):
            self.seq = event["seq"]
            if event["type"] == "reset":
                self._answer(self.seq, protocol.encode([event]))

    async def send_frame(self, frame: Frame | Whisper) -> None:
        if isinstance(frame, Frame) and not self.over.is_set():
            self._answer(frame.last, frame.text)
        elif isinstance(frame, Whisper) and frame.is_news:
            self.woken.set()

    def _answer(self, seq: int, text: str) -> None:
        """With the first that there is; the client asks again for the rest."""
        self.seq, self.events = seq, text if text.startswith("[") else f"[{text}]"
        self.subscriber.is_over = True
        self.over.set()
        self.woken.set()

    def end(self, code: int, refused: Refused | None = None) -> None:
        super().end(code, refused)
        self.woken.set()


async def _gone(receive: Any) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def end_all() -> None:
    """The process stops: streams and polls end now, and their clients go on elsewhere."""
    for stream in tuple(_open):
        stream.end(RESTARTS)
