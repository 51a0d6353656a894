"""The address by WebSocket, as a page of the same origin opens it, often enough to see who answers."""

import json
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin, Subprotocol

from chat.protocol import SUBPROTOCOL
from ops.doctor.address import FORWARD, ROOM
from ops.doctor.asked import Asked
from ops.doctor.configuration import SHARE
from ops.doctor.finding import Finding, fail, in_a_line, ok

TIMES = 8  # of two processes behind a proxy that shares out at random, one is missed once in 128
PASS = "Let the proxy pass Upgrade and Connection on, by HTTP/1.1: Caddy does by itself, nginx by proxy_set_header."  # noqa: S105


def upgrade(asked: Asked) -> Iterator[Finding]:
    try:
        first = _hello(asked)
        others = [_hello(asked) for _ in range(TIMES - 1)] if first.get("type") == "hello" else []
    except InvalidStatus as error:
        status = error.response.status_code
        yield fail(f"WebSocket: the upgrade is answered with {status}: something on the way does not pass it", PASS)
    except (InvalidHandshake, ConnectionClosed, TimeoutError, OSError, ValueError) as error:
        yield fail(f"WebSocket: {in_a_line(error)}", PASS)
    else:
        refused = [hello for hello in (first, *others) if hello.get("type") != "hello"]
        if refused:
            fix = f"{FORWARD}; or ALLOWED_ORIGINS={asked.url} for the servers."
            yield fail(f"WebSocket: refused to {asked.url}: {refused[0].get('detail')}", fix)
        else:
            yield ok("WebSocket: opens, and says hello")
            yield _servers({str(hello["server"]) for hello in (first, *others)})


def _hello(asked: Asked) -> dict[str, Any]:
    """The first event."""
    with connect(
        f"{asked.url.replace('http', 'ws', 1)}/ws/chat/{ROOM}/",
        origin=Origin(asked.url),
        subprotocols=[Subprotocol(SUBPROTOCOL)],
        open_timeout=asked.timeout / 2,
        close_timeout=0.2,  # some proxies keep the line a while
        proxy=None,
    ) as line:
        event = json.loads(line.recv(timeout=asked.timeout / 2))
        return event if isinstance(event, dict) else {}


def _servers(names: set[str]) -> Finding:
    what = f"processes: {len(names)} answered at that address: {', '.join(sorted(names))}"
    return ok(what) if len(names) == 1 or settings.REDIS_URLS else fail(f"{what}; REDIS_URL is not set", SHARE)
