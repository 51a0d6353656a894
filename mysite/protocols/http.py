"""HTTP with bounds: 408, 413, 414, 429, 431 and 503 where uvicorn would wait, or keep what comes."""

from asyncio import TimerHandle
from http import HTTPStatus
from typing import Any

import httptools
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from websockets import http11

from accounts.addresses import network
from chat.observed.access_log import log_cut
from mysite.protocols.forwarded import Forwarded
from mysite.protocols.held import TASK, unfinished, unread
from mysite.protocols.unread import CutsUnread

HEADERS_WITHIN, BODY_WITHIN = 10.0, 30.0  # seconds
ADDRESS_MAX = 8 * 1024  # bytes
HEADERS_MAX = 64 * 1024  # bytes, all of them
HEADER_MAX = 20 * 1024  # bytes, one line: cookies of 16 KiB are nobody's attack
HEADER_LINES_MAX = 128
BODY_MAX = 128 * 1024  # bytes
LINGER = 1.0  # seconds
RETRY_AFTER = 5  # seconds
PATH_SHOWN = 200  # bytes, in the log
http11.MAX_LINE_LENGTH = HEADER_MAX + 1024  # it has no answer to a handshake with a longer one; BoundedHttp has


class BoundedHttp(CutsUnread, HttpToolsProtocol):
    """One connection. What it holds counts while a request is incomplete; a body, until it is answered."""

    _timer: TimerHandle | None = None
    _is_whole = True  # the request that came last
    _is_refused = False
    _headers = _body = 0  # bytes of that request
    _unanswered = 0  # bytes of all bodies

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._within(HEADERS_WITHIN)

    def connection_lost(self, exc: Exception | None) -> None:
        self._within(None)
        unfinished.release(self)
        super().connection_lost(exc)

    def handle_websocket_upgrade(self) -> None:
        self._within(None)
        self._look_no_more()
        unfinished.release(self)
        super().handle_websocket_upgrade()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._is_whole = False
        self._headers = self._body = 0
        self._within(HEADERS_WITHIN)

    def on_url(self, url: bytes) -> None:
        super().on_url(url)
        if len(self.url) > ADDRESS_MAX:
            self._refuse(HTTPStatus.URI_TOO_LONG)

    def on_header(self, name: bytes, value: bytes) -> None:
        self._headers += len(name) + len(value)
        is_too_much = self._headers > HEADERS_MAX or len(self.headers) >= HEADER_LINES_MAX
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
        self._within(BODY_WITHIN)
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self._body += len(body)
        self._unanswered += len(body)
        if self._body > BODY_MAX:
            self._refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._is_whole = True
        self._within(None)
        super().on_message_complete()

    def on_response_complete(self) -> None:
        if not self.pipeline:
            self._unanswered = 0
            self._count()
        super().on_response_complete()

    def data_received(self, data: bytes) -> None:
        if not self._is_refused:
            super().data_received(data)
            self._count()

    def send_400_response(self, msg: str) -> None:
        """Also what a refusal in a callback of the parser comes to: it has been answered then."""
        if not self._is_refused:
            self._note(HTTPStatus.BAD_REQUEST)
            super().send_400_response(msg)

    def _within(self, seconds: float | None) -> None:
        """The line is closed unless this is called again in time."""
        if self._timer:
            self._timer.cancel()
        self._timer = self.loop.call_later(seconds, self._too_slow) if seconds else None

    def _too_slow(self) -> None:
        self._answer(HTTPStatus.REQUEST_TIMEOUT)

    def _count(self) -> None:
        """A request that came whole, without a body, costs nothing here."""
        size = self._unanswered + (0 if self._is_whole else self._headers + TASK)
        if size and not self._is_refused:
            if status := unfinished.hold(self, self._came_from(), size):
                self._answer(status)
        elif self in unfinished:
            unfinished.release(self)

    def may_wait(self, size: int) -> bool:
        if not size:
            unread.release(self)
        return not size or unread.hold(self, self._came_from(), size) is None

    def _came_from(self) -> str:
        """The client's address, or nothing as long as a trusted proxy may yet say whose request it is."""
        peer = self.client[0] if self.client else ""
        if not isinstance(self.app, Forwarded) or not self.app.trusts(peer):
            return network(peer)
        has_headers = bool(self.cycle) and self.cycle.scope is self.scope
        return network(self.app.client(peer, self.headers)) if has_headers else ""

    def _refuse(self, status: HTTPStatus) -> None:
        self._answer(status)
        raise httptools.HttpParserError(status.phrase)  # so the parser stops

    def _answer(self, status: HTTPStatus) -> None:
        """And read no more. The line stays for a moment: closed with something unread, it would take this along."""
        if self._is_refused or self.transport.is_closing():
            return
        self._is_refused = True
        unfinished.release(self)
        self._note(status)
        if self.cycle is not None:
            self.cycle.disconnected = True
            self.cycle.body = bytearray()
            self.cycle.message_event.set()
        self.transport.write(_closing(status))
        self.transport.write_eof()
        self._timer = self.loop.call_later(LINGER, self.transport.close)

    def _note(self, status: HTTPStatus) -> None:
        if url := getattr(self, "url", b""):  # not for a line that a browser opened and never used
            log_cut(url.partition(b"?")[0][:PATH_SHOWN].decode("latin-1"), status)


def _closing(status: HTTPStatus) -> bytes:
    lines = [f"HTTP/1.1 {status.value} {status.phrase}", "content-type: text/plain", "connection: close"]
    if status in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE):
        lines.append(f"retry-after: {RETRY_AFTER}")
    return "\r\n".join([*lines, f"content-length: {len(status.phrase)}", "", status.phrase]).encode()
