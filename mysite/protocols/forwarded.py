"""What a trusted proxy says of a client: its address, and whether it came by HTTPS."""

from collections.abc import Iterable
from typing import Any

from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

PROTO, FOR = b"x-forwarded-proto", b"x-forwarded-for"


class Forwarded(ProxyHeadersMiddleware):
    """uvicorn's, which passes over an X-Forwarded-Proto that is a list: the first entry is what the client used."""

    def __call__(self, scope: Any, receive: Any, send: Any) -> Any:
        """Not a coroutine of its own around the application's where nothing is forwarded: each connection keeps it."""
        if scope["type"] == "lifespan" or not (said := _said(scope["headers"], PROTO)):
            return super().__call__(scope, receive, send)
        first = said.split(",")[0].strip().lower()
        others = [header for header in scope["headers"] if header[0] != PROTO]
        scope["headers"] = [*others, (PROTO, first.encode("latin-1"))]
        return super().__call__(scope, receive, send)

    def client(self, peer: str, headers: Iterable[tuple[bytes, bytes]]) -> str:
        """The address of whoever sent a request that came from `peer`."""
        said = _said(headers, FOR) if self.trusts(peer) else ""
        return (self.trusted_hosts.get_trusted_client_address(said)[0] if said else "") or peer

    def trusts(self, peer: str) -> bool:
        return peer in self.trusted_hosts


def _said(headers: Iterable[tuple[bytes, bytes]], name: bytes) -> str:
    return b", ".join(value for key, value in headers if key == name).decode("latin-1")
