"""A guest is known again by a signed cookie that holds a key. Looking at a room writes nothing to the database."""

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from django.core.signing import BadSignature, TimestampSigner
from django.http import HttpResponseBase

COOKIE = "chat_guest"
REMEMBERED = timedelta(days=90)  # since the last visit

_signer = TimestampSigner(salt="accounts.guests")


def key_of(cookies: Mapping[str, str]) -> UUID | None:
    """The guest's key; None without a cookie, or with one that is not ours or too old."""
    try:
        return UUID(hex=_signer.unsign(cookies[COOKIE], max_age=REMEMBERED))
    except (KeyError, BadSignature, ValueError):
        return None


def remember(response: HttpResponseBase, key: UUID) -> None:
    response.set_cookie(COOKIE, _signer.sign(key.hex), max_age=REMEMBERED, httponly=True, samesite="Lax")


def anonymous(id: str) -> str:
    """What one is called who has chosen no name, by the public id: `guest-3fa85f6457174562` is `Anonymous-3fa8`."""
    return f"Anonymous-{id.rpartition('-')[2][:4]}"
