"""Which pages may open a WebSocket: those of the address that was asked for, and the full origins listed.

The same comparison as Django's CSRF check makes for a POST: scheme, host and port. Browsers always send an Origin;
without one, or with a malformed one, the connection is refused.
"""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http.request import split_domain_port, validate_host

from chat.consumers import header, refuse
from chat.protocol import FORBIDDEN, Refused

Origin = tuple[str, str, int]

_DEFAULT_PORTS = {"http": 80, "https": 443}


class SameOriginOnly:
    def __init__(self, application: Any) -> None:
        self.application = application

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        if is_allowed(header(scope, b"origin"), asked_for(scope)):
            await self.application(scope, receive, send)
        else:
            refused = Refused("forbidden", "This page may not connect here: its origin is not allowed.")
            await refuse(scope, receive, send, refused, FORBIDDEN)


def is_allowed(origin: str, address: Origin | None) -> bool:
    parsed = parse(origin)
    return parsed is not None and (parsed == address or parsed in map(parse, settings.ALLOWED_ORIGINS))


def asked_for(scope: dict[str, Any]) -> Origin | None:
    """The origin of the address that the client connects to, if it is one of ours."""
    host = header(scope, b"host")
    domain, _ = split_domain_port(host)
    if not domain or not validate_host(domain, settings.ALLOWED_HOSTS):
        return None
    scheme = "https" if scope.get("scheme") == "wss" else "http"
    return parse(f"{scheme}://{host}")


def parse(origin: str) -> Origin | None:
    try:
        parts = urlsplit(origin)
        port = parts.port
    except ValueError:
        return None
    if (
        "@" in origin
        or parts.scheme not in _DEFAULT_PORTS
        or not parts.hostname
        or origin != f"{parts.scheme}://{parts.netloc}"
    ):
        return None
    return parts.scheme, parts.hostname, port or _DEFAULT_PORTS[parts.scheme]
