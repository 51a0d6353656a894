"""Which pages may connect and post. Origins and hosts have one spelling here, so every door gives the same answer.

That spelling is lower case and ASCII (`bücher.example` is `xn--bcher-kva.example`), with the port as a number and no
dot at the end; IPv6 stands in brackets and is shortened.
"""

import re
from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache
from ipaddress import IPv6Address
from typing import NamedTuple, Self

import idna
from django.conf import settings

PORTS = {"http": 80, "https": 443}  # of each scheme, where none is written
LENGTH_MAX = 300  # of an origin; a host has at most 253

_ORIGIN = re.compile(r"(https?)://(\[[0-9a-f:.]+\]|[^\s\[\]/?#@:\\]+)(?::(\d{1,5}))?", re.ASCII)
_HOST = re.compile(r"[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})*")


class Origin(NamedTuple):
    scheme: str
    host: str  # with a dot before it: this domain and all below it
    port: int

    def __str__(self) -> str:
        host = f"*{self.host}" if self.host.startswith(".") else self.host
        return f"{self.scheme}://{host}" + ("" if self.port == PORTS[self.scheme] else f":{self.port}")

    def covers(self, other: Self) -> bool:
        if self.host.startswith("."):
            return self[::2] == other[::2] and f".{other.host}".endswith(self.host)
        return self == other


def is_allowed(origin: str, address: Origin | None) -> bool:
    """Whether a page of this origin may use the address that it asks, which is None where it is not one of ours."""
    asking = parse(origin)
    if asking is None or address is None:
        return False
    return asking == address or any(each.covers(asking) for each in _listed(tuple(settings.ALLOWED_ORIGINS)))


@lru_cache(maxsize=8)
def _listed(values: tuple[str, ...]) -> list[Origin]:
    return [pattern(value) for value in values]


def parse(origin: str) -> Origin | None:
    """The origin in a header, where characters outside ASCII are UTF-8 read as Latin-1; None if it is malformed."""
    with suppress(UnicodeError):
        origin = origin.encode("latin-1").decode()
    with suppress(ValueError):
        return _origin(origin, canonical_host)
    return None


def pattern(value: str) -> Origin:
    """An origin as a setting may spell it: with a `/` at the end, or for a domain and all below it.

    Raises:
        ValueError: it is no full origin.
    """
    return _origin(value.removesuffix("/"), host_pattern)


def host_pattern(value: str) -> str:
    """A host, or `*.example.org` or `.example.org`, which both stand for that domain and all below it."""
    is_wild = value.startswith((".", "*."))
    host = canonical_host(value.removeprefix("*")[1:] if is_wild else value)
    if is_wild and not re.search("[a-z]", host):
        raise ValueError("only a domain has others below it")
    return f".{host}" if is_wild else host


def canonical_host(value: str) -> str:
    """Raises ValueError."""
    host = value.lower()
    if len(host) > LENGTH_MAX:
        raise ValueError("too long")
    if host.startswith("[") and host.endswith("]"):
        return f"[{IPv6Address(host[1:-1])}]"
    if not host.isascii():
        host = idna.encode(host, uts46=True).decode()
    host = host.removesuffix(".")
    if not _HOST.fullmatch(host):
        raise ValueError("not a host")
    return host


def _origin(value: str, host: Callable[[str], str]) -> Origin:
    match = _ORIGIN.fullmatch(value.lower()) if len(value) <= LENGTH_MAX else None
    if not match:
        raise ValueError("not a full origin")
    port = int(match[3] or PORTS[match[1]])
    if not 0 < port < 65536:
        raise ValueError("no such port")
    return Origin(match[1], host(match[2]), port)
