"""One line of the log for each request, two for each connection that stays, and the metrics of connections.

The lines are written with `LOG_FORMAT=json` alone. They tell paths without their query, and no address of a person:
the proxy knows that, under the same id.
"""

import logging
from time import perf_counter
from typing import Any

from chat.observed import metrics, request_id

logger = logging.getLogger(__name__)

PROBES = ("/healthz", "/readyz", "/metrics")  # asked every few seconds: logged only on failure


class Logged:
    """Any ASGI application, its requests and connections under an id. A WebSocket's `send` stays the server's own."""

    def __init__(self, application: Any) -> None:
        self.application = application

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        # Not reset at the end: the server runs each in a task of its own, and may yet log that it failed.
        request_id.current.set(request_id.of_headers(scope["headers"]))
        if scope["type"] == "http":
            await self.request(scope, receive, send)
        else:
            await self.application(scope, receive, send)

    async def request(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        begun, status = perf_counter(), None
        header = (request_id.HEADER, (request_id.current.get() or "").encode())

        def identified(message: dict[str, Any]) -> Any:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], header]
            return send(message)

        try:
            await self.application(scope, receive, identified)
        finally:
            log_request(scope["method"], scope["path"], status, perf_counter() - begun)


def log_request(method: str, path: str, status: int | None, seconds: float) -> None:
    """`status` is None if the client left before there was an answer."""
    level = logging.DEBUG if path in PROBES and status == 200 else logging.INFO
    if logger.isEnabledFor(level):
        ms = round(seconds * 1000, 1)
        fields = {"method": method, "path": path, "status": status, "ms": ms}
        logger.log(level, "%s %s %s", method, path, status, extra=fields)


class LoggedConnection:
    """A WebSocket, an SSE stream or a poll, from its coming to its going."""

    __slots__ = ("begun", "code", "identity", "room", "transport")

    def __init__(self, transport: str, room: str) -> None:
        self.transport, self.room, self.begun = transport, room, perf_counter()
        self.identity: str | None = None
        self.code: int | None = None  # with which a WebSocket was closed
        metrics.CONNECTIONS.labels(transport).inc()
        metrics.OPENED.labels(transport).inc()

    def opened(self, identity: str) -> None:
        self.identity = identity
        self._log("open")

    def closed(self) -> None:
        metrics.CONNECTIONS.labels(self.transport).dec()
        if self.identity or self.code:  # not for a poll, which is logged as a request
            self._log("closed", code=self.code, seconds=round(perf_counter() - self.begun, 3))

    def too_slow(self) -> None:
        metrics.SLOW_CLOSES.labels(self.transport).inc()

    def _log(self, event: str, **fields: Any) -> None:
        if logger.isEnabledFor(logging.INFO):
            fields |= {"transport": self.transport, "room": self.room, "identity": self.identity}
            logger.info("%s %s", self.transport, event, extra=fields)


def log_refused(path: str, why: str, code: int) -> None:
    """A WebSocket that nobody was let into."""
    metrics.REFUSED.labels(why).inc()
    logger.info("websocket refused", extra={"path": path, "code": code})


def log_cut(path: str, status: int) -> None:
    """A request that the server refused before it was there whole."""
    metrics.CUT.labels(int(status)).inc()
    logger.info("request refused", extra={"path": path, "status": int(status)})
