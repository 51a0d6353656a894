"""Before anything else: which addresses and pages may connect, what a connection brought, and how it is refused.

A WebSocket may be opened by the pages of the address that was asked for, and by the origins listed: see chat.origins,
which a POST is checked with too. Browsers always send an Origin; without one the connection is refused.
"""

from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs

from django.conf import settings
from django.http import parse_cookie
from django.http.request import split_domain_port, validate_host

from accounts.addresses import network
from chat import limits, protocol
from chat.identity import Identity, identify, stranger
from chat.observed.access_log import log_refused
from chat.origins import Origin, is_allowed, parse
from chat.protocol import FORBIDDEN, SUBPROTOCOL, Refused

Scope = dict[str, Any]


class SameOriginOnly:
    def __init__(self, application: Any) -> None:
        self.application = application

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        if is_allowed(header(scope, b"origin"), asked_for(scope)):
            await self.application(scope, receive, send)
        else:
            refused = Refused("forbidden", "This page may not connect here: its origin is not allowed.")
            await refuse(scope, receive, send, refused, FORBIDDEN)


def asked_for(scope: Scope) -> Origin | None:
    """The origin of the address that the client connects to, if it is one of ours."""
    scheme = "https" if scope.get("scheme") in ("wss", "https") else "http"
    return parse(f"{scheme}://{header(scope, b'host')}") if is_our_host(scope) else None


def is_our_host(scope: Scope) -> bool:
    domain, _ = split_domain_port(header(scope, b"host"))
    return bool(domain) and validate_host(domain, settings.ALLOWED_HOSTS)


def header(scope: Scope, name: bytes) -> str:
    """Repeated, all of them with commas between, as Django has it: then it is no origin, no host and no number."""
    return ",".join([value.decode("latin-1") for key, value in scope["headers"] if key == name])


def cookies(scope: Scope) -> dict[str, str]:
    """Of all `Cookie` headers: HTTP/2 may send several."""
    headers = [value.decode("latin-1") for key, value in scope["headers"] if key == b"cookie"]
    return parse_cookie("; ".join(headers)) if headers else {}


def address(scope: Scope) -> str:
    """Where a client comes from: of a proxy that is trusted, what it says of the client (uvicorn's work)."""
    client = scope.get("client")
    return network(client[0]) if client else ""


async def visitor(scope: Scope) -> Identity:
    """Who connects. A guest without a cookie is a new one, each time.

    Raises:
        Refused: `rate_limited`, too many new ones come from there.
        django.db.Error: it cannot be asked who it is.
    """
    brought, origin = cookies(scope), address(scope)
    you = await identify(brought) if brought else stranger()
    if you.ticket is None and you.guest is None:
        limits.take_guest(origin)
    return replace(you, address=origin)


def query_parameter(scope: Scope, name: str) -> str | None:
    """Repeated, all of them with commas between: then it is no number."""
    values = parse_qs(scope["query_string"].decode("latin-1")).get(name)
    return ",".join(values) if values else None


async def refuse(scope: Scope, receive: Any, send: Any, refused: Refused, code: int) -> None:
    """Accept, say why, close: a page can tell this from a network failure, which a refused handshake it cannot."""
    await receive()
    speaks_v1 = SUBPROTOCOL in scope["subprotocols"]
    await send({"type": "websocket.accept", "subprotocol": SUBPROTOCOL if speaks_v1 else None})
    event = refused.event() if speaks_v1 else {"error": refused.detail}
    await send({"type": "websocket.send", "text": protocol.encode([event])})
    await send({"type": "websocket.close", "code": code})
    log_refused(scope["path"], refused.code, code)


async def no_such_room(scope: Scope, receive: Any, send: Any) -> None:
    refused = protocol.no_such_room()
    await refuse(scope, receive, send, refused, refused.close_code)
