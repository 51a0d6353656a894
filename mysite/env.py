"""What the environment's variables may look like. Each helper returns the value or raises ValueError in one line.

Instead of NAME, NAME_FILE may give the path of a file that holds the value, as a container's secrets are handed over.
"""

import ipaddress
import re
from collections.abc import Sequence
from dataclasses import dataclass
from math import nan
from typing import Any
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

import dj_database_url
from environs import EnvError, FileAwareEnv

from chat.origins import host_pattern, pattern

DATABASE_ENGINES = ("django.db.backends.sqlite3", "django.db.backends.postgresql")

env = FileAwareEnv(strip_whitespace=True)


def listed(name: str, default: str = "") -> list[str]:
    """The parts of a comma-separated variable, without the empty ones."""
    return [part for part in (part.strip() for part in env.str(name, default).split(",")) if part]


def hosts(name: str, default: str) -> list[str]:
    """Names as they stand in a Host header, without scheme and port; `.example.com` with all below it; `*` for any."""

    def host(value: str) -> str:
        try:
            return value if value == "*" else host_pattern(value)
        except ValueError as error:
            message = f"{name}: {shown(value)} is not a host such as chat.example.com, without scheme and port"
            raise EnvError(message) from error

    return [host(value) for value in (listed(name) or default.split(","))]


def origins(name: str) -> list[str]:
    """Full origins as browsers send them: scheme, host and, unless it is the scheme's own, port."""

    def origin(value: str) -> str:
        try:
            return str(pattern(value))
        except ValueError as error:
            raise EnvError(f"{name}: {shown(value)} is not a full origin such as https://chat.example.com") from error

    return [origin(value) for value in listed(name)]


def database(name: str, default: str) -> Any:
    """Django's settings of the database at an address. The address may hold a password: no error repeats it."""
    address = env.str(name, default)
    try:
        config = dj_database_url.parse(address)
    except (ValueError, KeyError, dj_database_url.ParseError, dj_database_url.UnknownSchemeError) as error:
        raise EnvError(f"{name}: not an address such as postgres://user:password@host/name") from error
    if config.get("ENGINE") not in DATABASE_ENGINES or not config.get("NAME"):
        raise EnvError(f"{name}: an address that begins with sqlite:/// or postgres:// and ends with a name")
    return config


def redis_urls(name: str) -> list[str]:
    for value in (values := listed(name)):
        parts = _split(value)
        if not value.startswith("unix://") and (not parts or parts.scheme not in ("redis", "rediss")):
            raise EnvError(f"{name}: not an address such as redis://host:6379/0")
    return values


def bot_api(name: str, default: str) -> str:
    """Where Telegram's Bot API is, as python-telegram-bot wants it: it appends the token."""
    parts = _split(value := env.str(name, default))
    if not parts or parts.scheme not in ("http", "https"):
        raise EnvError(f"{name}: not an address such as https://api.telegram.org")
    return value.rstrip("/").removesuffix("/bot") + "/bot"


@dataclass(frozen=True, slots=True)
class Mail:
    """Where mail is handed over, as Django's MAILERS want it, and whom it comes from."""

    mailers: dict[str, Any]
    sender: str


def mail(name: str, sender: str) -> Mail | None:
    """`smtp://user:password@host:587` (STARTTLS), `smtps://…` (TLS), each with `?from=chat@example.com`. Empty: None.

    Without a user smtp:// is plain, as for a relay nearby. The address may hold a password: no error repeats it.
    """
    if not (value := env.str(name, "")):
        return None
    parts = _split(value)
    if not parts or parts.scheme not in ("smtp", "smtps"):
        raise EnvError(f"{name}: not an address such as smtp://user:password@host:587")
    options = {
        "host": parts.hostname,
        "port": parts.port or {"smtp": 25, "smtps": 465}[parts.scheme],
        "username": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
        "use_tls": parts.scheme == "smtp" and bool(parts.username),
        "use_ssl": parts.scheme == "smtps",
        "timeout": 10,
    }
    backend = "django.core.mail.backends.smtp.EmailBackend"
    given = parse_qs(parts.query).get("from", [""])[0]
    return Mail({"default": {"BACKEND": backend, "OPTIONS": options}}, given or sender)


def _split(value: str) -> SplitResult | None:
    """The parts of an address with a host and, if there is one, a port that is a number."""
    try:
        parts = urlsplit(value)
        return parts if parts.hostname and (parts.port is None or parts.port > 0) else None
    except ValueError:
        return None


def proxies(name: str, default: str) -> list[str]:
    """Addresses and networks of proxies; ``*`` alone stands for whoever asks."""
    if (values := listed(name, default)) == ["*"]:
        return values
    for value in values:
        try:
            ipaddress.ip_network(value)
        except ValueError as error:
            raise EnvError(f"{name}: {shown(value)} is neither an address nor a network such as 10.1.2.0/24") from error
    return values


def rate(name: str, default: str) -> tuple[int, float] | None:
    """How many messages in how many seconds: ``20/10s``. Empty switches the limit off."""
    if not (value := env.str(name, default)):
        return None
    match = re.fullmatch(r"([1-9]\d{0,5})/([1-9]\d{0,5})s", value, re.ASCII)
    if not match:
        raise EnvError(f"{name}: {shown(value)} is not a rate such as 20/10s")
    return int(match[1]), float(match[2])


def at_most(name: str, default: str) -> int | None:
    """A number of things. Empty: as many as come."""
    return whole(name, default or "1000", most=999_999_999) if env.str(name, default) else None


def whole(name: str, default: str, *, most: int) -> int:
    """A whole number from 1 on."""
    value = env.str(name, "") or default
    if not re.fullmatch(r"[1-9]\d{0,8}", value, re.ASCII) or int(value) > most:
        raise EnvError(f"{name}: {shown(value)} is not a whole number from 1 to {most:,}, such as {default}")
    return int(value)


def seconds(name: str, default: float, *, most: float) -> float:
    value = env.str(name, "") or str(default)
    try:
        number = float(value)
    except ValueError:
        number = nan
    if not 0 < number <= most:
        raise EnvError(f"{name}: {shown(value)} is not a number of seconds above 0 and up to {most:,g}")
    return number


def shown(value: str) -> str:
    """A wrong value in an error: one line, however long it is."""
    return repr(value if len(value) <= 60 else f"{value[:60]}…")


def one_of(name: str, options: Sequence[str]) -> str:
    """The first option where nothing else is said."""
    value = env.str(name, "") or options[0]
    if value.lower() not in options:
        raise EnvError(f"{name}: {shown(value)} is none of {', '.join(options)}")
    return value.lower()
