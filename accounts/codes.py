"""Codes in links that let somebody in. The database has a digest alone, so reading it opens nothing."""

import secrets
from hashlib import sha256


def new_code() -> str:
    return secrets.token_urlsafe(24)


def digest(code: str) -> str:
    return sha256(code.encode()).hexdigest()
