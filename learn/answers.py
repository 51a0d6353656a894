"""Answers from before Django's middleware: with the headers, and the checks of Host and Origin, that pages have."""

from typing import Any

from django.conf import settings
from django.utils.csp import build_policy

from chat import protocol
from chat.handshake import asked_for, header, is_our_host
from chat.origins import is_allowed
from chat.protocol import Refused, bad_frame

SAFE = ("GET", "HEAD", "OPTIONS")


def check(scope: dict[str, Any]) -> None:
    """A request under a name that is ours; and to change anything, from one of our pages. Raises Refused."""
    if not is_our_host(scope):
        raise bad_frame("This is asked for under one of ALLOWED_HOSTS.")
    origin = header(scope, b"origin")
    if scope["method"] not in SAFE and not is_allowed(origin, asked_for(scope)):
        raise Refused("forbidden", "This page may not post here: its origin is not allowed.")


async def refuse_request(send: Any, refused: Refused) -> None:
    headers = [(b"content-type", b"application/json")]
    if refused.retry_after:
        headers.append((b"retry-after", str(int(refused.retry_after) + 1).encode()))
    await send({"type": "http.response.start", "status": refused.http_status, "headers": headers})
    await send({"type": "http.response.body", "body": protocol.encode([refused.event()]).encode()})


def as_the_product_does(scope: dict[str, Any], send: Any) -> Any:
    """`send`, with these headers in place of a demo's own."""

    async def dressed(event: dict[str, Any]) -> None:
        if event["type"] == "http.response.start":
            ours = headers(is_secure=scope.get("scheme") == "https")
            theirs = [(name, value) for name, value in event["headers"] if name.lower() not in ours]
            event = {**event, "headers": [*theirs, *ours.items()]}
        await send(event)

    return dressed


def headers(*, is_secure: bool) -> dict[bytes, bytes]:
    """Those of mysite.middleware: a test compares them with a page's."""
    values = {
        "cache-control": "private, no-store",
        "content-security-policy": build_policy(settings.SECURE_CSP),  # type: ignore[arg-type]
        "cross-origin-opener-policy": settings.SECURE_CROSS_ORIGIN_OPENER_POLICY,
        "referrer-policy": settings.SECURE_REFERRER_POLICY,
        "vary": "Cookie",
        "x-content-type-options": "nosniff",
        "x-frame-options": settings.X_FRAME_OPTIONS,
    }
    if is_secure and settings.SECURE_HSTS_SECONDS:
        values["strict-transport-security"] = f"max-age={settings.SECURE_HSTS_SECONDS}"
    return {name.encode(): str(value).encode() for name, value in values.items()}
