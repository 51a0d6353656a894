"""uvicorn's two protocols with bounds: how slow and how large a request may be, and what a WebSocket may send at once.

uvicorn waits for ever until a request is complete and keeps all that comes of it. What came on a WebSocket it parses in
one go, while everybody else waits. `make run` has no proxy in front of it that would see to these things.
"""

from asyncio import TimerHandle
from http import HTTPStatus
from typing import Any

import httptools
from django.conf import settings
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets import http11
from websockets.frames import CTRL_OPCODES, Frame

HEADERS_WITHIN, BODY_WITHIN = 10.0, 30.0  # seconds
ADDRESS_MAX = 8 * 1024  # bytes
HEADERS_MAX = 64 * 1024  # bytes, all of them
HEADER_MAX = 20 * 1024  # bytes, one line: cookies of 16 KiB are nobody's attack
HEADER_LINES_MAX = 128
BODY_MAX = 128 * 1024  # bytes
LINGER = 1.0  # seconds
TURN = 4 * 1024  # bytes of one socket that are parsed before the others have their turn: 200 small frames
http11.MAX_LINE_LENGTH = HEADER_MAX + 1024  # it has no answer to a handshake with a longer one; BoundedHttp has
CONTROL_RATE = (100, 10.0)  # pings, pongs and empty continuations in so many seconds


class BoundedHttp(HttpToolsProtocol):
    """408, 413, 414 and 431 where uvicorn would wait, or keep what comes."""

    _timer: TimerHandle | None = None
    _size = 0
    _is_refused = False

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._within(HEADERS_WITHIN)

    def connection_lost(self, exc: Exception | None) -> None:
        self._within(None)
        super().connection_lost(exc)

    def handle_websocket_upgrade(self) -> None:
        self._within(None)
        super().handle_websocket_upgrade()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._size = 0
        self._within(HEADERS_WITHIN)

    def on_url(self, url: bytes) -> None:
        super().on_url(url)
        if len(self.url) > ADDRESS_MAX:
            self._refuse(HTTPStatus.URI_TOO_LONG)

    def on_header(self, name: bytes, value: bytes) -> None:
        self._size += len(name) + len(value)
        is_too_much = self._size > HEADERS_MAX or len(self.headers) >= HEADER_LINES_MAX
        if is_too_much or len(name) + len(value) > HEADER_MAX:
            self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        headers = dict(self.headers)
        is_upgrade = self.parser.should_upgrade() and self._should_upgrade()
        length = headers.get(b"content-length", b"0")
        if is_upgrade and (length != b"0" or b"transfer-encoding" in headers):
            self._refuse(HTTPStatus.BAD_REQUEST)
        if length.isdigit() and int(length[:12]) > BODY_MAX:
            self._refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        self._size = 0
        self._within(BODY_WITHIN)
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self._size += len(body)
        if self._size > BODY_MAX:
            self._refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._within(None)
        super().on_message_complete()

    def data_received(self, data: bytes) -> None:
        if not self._is_refused:
            super().data_received(data)

    def send_400_response(self, msg: str) -> None:
        """Also what a refusal in a callback of the parser comes to: it has been answered then."""
        if not self._is_refused:
            super().send_400_response(msg)

    def _within(self, seconds: float | None) -> None:
        """The line is closed unless this is called again in time."""
        if self._timer:
            self._timer.cancel()
        self._timer = self.loop.call_later(seconds, self._too_slow) if seconds else None

    def _too_slow(self) -> None:
        self._answer(HTTPStatus.REQUEST_TIMEOUT)

    def _refuse(self, status: HTTPStatus) -> None:
        self._answer(status)
        raise httptools.HttpParserError(status.phrase)  # so the parser stops

    def _answer(self, status: HTTPStatus) -> None:
        """And read no more. The line stays for a moment: closed with something unread, it would take this along."""
        if self._is_refused or self.transport.is_closing():
            return
        self._is_refused = True
        if self.cycle is not None:
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        body = status.phrase.encode()
        head = f"HTTP/1.1 {status.value} {status.phrase}\r\ncontent-type: text/plain\r\ncontent-length: {len(body)}\r\n"
        self.transport.write(head.encode() + b"connection: close\r\n\r\n" + body)
        self.transport.write_eof()
        self._timer = self.loop.call_later(LINGER, self.transport.close)


class FairWebSocket(WebSocketsSansIOProtocol):
    """Parses so much of what a client sends at a time, and no more while the application has not taken a message.

    Control frames, which the application never sees, are counted: too many close the connection with 1008.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._unread = bytearray()
        self._is_due = False
        self._control, self._control_at = float(CONTROL_RATE[0]), 0.0

    def data_received(self, data: bytes) -> None:
        if not self.handshake_initiated:
            super().data_received(data)
            return
        if len(data) <= TURN and not self._unread:
            super().data_received(data)
            return
        self._unread += data
        self.transport.pause_reading()
        self._later()

    def _parse(self) -> None:
        self._is_due = False
        if self.transport.is_closing():
            self._unread.clear()
            return
        part = bytes(self._unread[:TURN])
        del self._unread[:TURN]
        if part:
            super().data_received(part)
        if self._unread:
            self._later()
        elif not self.read_paused and not self.transport.is_reading():
            self.transport.resume_reading()

    def _later(self) -> None:
        """After the others' turn; while a message waits for the application, when that takes it."""
        if not self._is_due and not self.read_paused:
            self._is_due = True
            self.loop.call_soon(self._parse)

    async def receive(self) -> Any:
        message = await super().receive()
        if self._unread and not self.transport.is_closing():
            self.transport.pause_reading()  # it was resumed just now; first comes what is here
            self._later()
        return message

    def handle_events(self) -> None:
        for event in self.conn.events:
            is_control = isinstance(event, Frame) and (event.opcode in CTRL_OPCODES or not event.data)
            if is_control and settings.CHAT_RATE_LIMIT and not self._may_control():
                self.conn.fail(1008, "too many control frames")
                self.handle_parser_exception()
                return
        super().handle_events()

    def _may_control(self) -> bool:
        size, seconds = CONTROL_RATE
        now = self.loop.time()
        self._control = min(size, self._control + (now - self._control_at) * size / seconds) - 1
        self._control_at = now
        return self._control >= 0
