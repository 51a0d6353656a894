"""Who is banned, kept in the memory of each process, so that asking costs nothing: see `Moderator` for how it is fresh.

A ban is of an identity's id, or of an address as limits tell addresses apart.
"""

import ipaddress
import re
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from accounts.addresses import network
from chat.identity import Identity
from chat.moderation.models import Ban
from chat.protocol import Refused

_PERSON = re.compile(r"user-\d{1,18}|guest-(once-)?[0-9a-f]{16}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Term:
    until: datetime | None  # None: for good
    guests_only: bool

    def bars(self, you: Identity, now: datetime) -> bool:
        return (self.until is None or self.until > now) and not (self.guests_only and you.ticket)


_bans: dict[str, Term] = {}  # by target


def refresh() -> None:
    """From the database. Raises django.db.Error."""
    rows = Ban.objects.in_force().values_list("target", "until", "guests_only")
    fresh = {target: Term(until, guests_only) for target, until, guests_only in rows}
    _bans.clear()
    _bans.update(fresh)


def gate(you: Identity) -> Refused | None:
    """Staff cannot lock themselves out."""
    if not _bans or you.is_staff:
        return None
    now = timezone.now()
    terms = [term for key in (you.id, you.address) if key and (term := _bans.get(key)) and term.bars(you, now)]
    if not terms:
        return None
    ends = None if any(term.until is None for term in terms) else max(term.until for term in terms if term.until)
    detail = f"You are banned until {ends:%Y-%m-%d %H:%M} UTC." if ends else "You are banned."
    return Refused("forbidden", detail, reason="banned", retry_after=seconds_until(ends))


def seconds_until(end: datetime | None) -> float | None:
    """For `retry_after`, by which a page names the end in the time of its reader. None: for good."""
    return round((end - timezone.now()).total_seconds(), 1) if end else None


def is_person(target: str) -> bool:
    return bool(_PERSON.fullmatch(target))


def clean_target(raw: str) -> str:
    """A person's id as it is, an address as bans keep it: an IPv4 address, or the /64 of an IPv6 one.

    Raises:
        ValueError: neither of them, or a wider network.
    """
    if is_person(raw):
        return raw
    try:
        given = ipaddress.ip_network(raw.strip(), strict=False)
    except ValueError:
        raise ValueError("A person's id such as user-3, or an address, is needed.") from None
    if given.prefixlen not in ((32,) if given.version == 4 else (64, 128)):
        raise ValueError("One address is banned at a time: IPv4 by itself, IPv6 with its /64.")
    return network(str(given.network_address))
