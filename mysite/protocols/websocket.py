"""A WebSocket that takes its turn, and keeps nothing of its handshake."""

from typing import Any

from django.conf import settings
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import CTRL_OPCODES, Frame
from websockets.protocol import OPEN
from websockets.server import ServerProtocol

from chat.observed import metrics
from mysite.protocols.unread import CutsUnread
from mysite.protocols.waiting import Gate, Inbox

TURN = 4 * 1024  # bytes of one socket that are parsed before the others have their turn: 200 small frames
CONTROL_RATE = (100, 10.0)  # pings, pongs and empty continuations in so many seconds
AFTER_CLOSE = 1024 * 1024  # bytes in which the answer to our close frame is looked for: messages may be on their way


class FairWebSocket(CutsUnread, WebSocketsSansIOProtocol):
    """Parses so much of what a client sends at a time, and no more while the application has not taken a message.

    Control frames, which the application never sees, are counted: too many close the connection with 1008.
    """

    # uvicorn's too: a slot takes 8 bytes, a dict of so many names 2 KB.
    __slots__ = (
        "_after_close", "_control", "_control_at", "_is_due", "_unread",
        "app", "app_state", "asgi_version", "client", "close_sent", "close_timeout", "close_timer", "config", "conn",
        "connections", "curr_msg_data_type", "default_headers", "disconnected", "frames", "handshake_complete",
        "handshake_initiated", "initial_response", "last_ping_rtt", "logger", "loop", "pending_ping_payload",
        "ping_interval", "ping_sent_at", "ping_timeout", "ping_timer", "pong_timer", "queue", "read_paused", "request",
        "response", "root_path", "scheme", "scope", "server", "tasks", "transport", "writable",
    )  # fmt: skip

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.queue, self.writable = Inbox(), Gate()  # type: ignore[assignment]
        self._unread: bytearray | None = None  # what was not parsed yet
        self._is_due = False
        self._after_close = 0
        self._control, self._control_at = float(CONTROL_RATE[0]), 0.0

    def start_keepalive(self) -> None:
        """Called once, when the handshake is over: what was needed for that takes 5 KB."""
        super().start_keepalive()
        del self.request, self.response
        if not (self.conn.reader.buffer or self.frames or self.conn.extensions):  # nothing came too early
            self.conn = ServerProtocol(state=OPEN, max_size=self.config.ws_max_size, logger=self.conn.logger)

    def data_received(self, data: bytes) -> None:
        if self.close_sent:
            self._after_close += len(data)
            if self._after_close > AFTER_CLOSE:
                return
        if not self.handshake_initiated or (len(data) <= TURN and not self._unread):
            super().data_received(data)
            return
        self._unread = self._unread or bytearray()
        self._unread += data
        self.transport.pause_reading()
        self._later()

    def _parse(self) -> None:
        self._is_due = False
        if self.transport.is_closing() or not self._unread:
            self._unread = None
            return
        part = bytes(self._unread[:TURN])
        del self._unread[:TURN]
        super().data_received(part)
        if self._unread:
            self._later()
        else:
            self._unread = None
            if not self.read_paused and not self.transport.is_reading():
                self.transport.resume_reading()

    def _later(self) -> None:
        """After the others' turn; while a message waits for the application, when that takes it."""
        if not self._is_due and not self.read_paused:
            self._is_due = True
            self.loop.call_soon(self._parse)

    def connection_lost(self, exc: Exception | None) -> None:
        """1006, unless the client said that it closes. uvicorn says 1005, which is a close frame without a code."""
        if self.handshake_complete:
            self.queue.put_nowait({"type": "websocket.disconnect", "code": 1006})
        super().connection_lost(exc)

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
                metrics.LINES_CUT.labels("control").inc()
                self.conn.fail(1008, "too many control frames")
                self.handle_parser_exception()
                return
        super().handle_events()

    def is_to_be_cut(self) -> bool:
        """An open one that does not read is the application's concern: it closes it with 4408."""
        return self.transport.is_closing()

    def _may_control(self) -> bool:
        size, seconds = CONTROL_RATE
        now = self.loop.time()
        self._control = min(size, self._control + (now - self._control_at) * size / seconds) - 1
        self._control_at = now
        return self._control >= 0
