"""Guessing at passwords: how often one may fail, and how many hashes are computed at a time.

Each door through which one signs in asks `check` before a password is hashed, and its view stands behind `door`.
What failed, Django's own signal says.
"""

import asyncio
import hashlib
from collections import Counter
from collections.abc import Callable, Coroutine
from math import ceil
from typing import Any

from django.contrib.auth.signals import user_login_failed
from django.core.exceptions import ValidationError
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from prometheus_client import Counter as Metric

from accounts import attempts
from accounts.addresses import network
from accounts.models import AccountName
from accounts.skeletons import skeleton

NAME_FAILURES = 10  # in `attempts.WINDOW`
ADDRESS_FAILURES = 300  # a school behind one address mistypes a lot
WAITING_MAX, WAITING_FROM_ADDRESS = 100, 30  # requests at a door; each waits for the hashes before it
BUSY_SECONDS = 5

REFUSED = Metric("chat_sign_ins_refused", "Attempts to sign in that were refused before a password was hashed.")

View = Callable[..., Coroutine[Any, Any, HttpResponseBase]]


def check(request: HttpRequest, name: str) -> None:
    """Ask before a password is hashed.

    Raises:
        ValidationError: `throttled`; too many failures for this name or from this address, whatever the password is.
    """
    left = max(
        attempts.seconds_left(_key_of_name(name), NAME_FAILURES),
        attempts.seconds_left(_key_of_address(request), ADDRESS_FAILURES),
    )
    _refuse_for(left, request)


def count_up_to(request: HttpRequest, what: str, most: int, of: str = "") -> None:
    """One more of what is limited in number, in `attempts.WINDOW`: for each address, or `of` what is named.

    Raises:
        ValidationError: `throttled`; it was more than that already.
    """
    key = f"{what}:{hashlib.sha256(of.encode()).hexdigest()[:32] if of else network(request.META['REMOTE_ADDR'])}"
    _refuse_for(attempts.seconds_left(key, most), request)
    attempts.count(key)


def _refuse_for(seconds: float, request: HttpRequest) -> None:
    if seconds > 0:
        request.throttled_seconds = ceil(seconds)  # type: ignore[attr-defined]  # `limited` looks for it
        raise ValidationError(_("Too many attempts. Try again in a few minutes."), code="throttled")


@receiver(user_login_failed)
def _failed(credentials: dict[str, Any], request: HttpRequest | None = None, **_: Any) -> None:
    if request:
        attempts.count(_key_of_name(str(credentials.get("username") or credentials.get("email") or "")))
        attempts.count(_key_of_address(request))


def limited(view: View) -> View:
    """Answers 429 where the view met a limit of this module."""

    async def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = await view(request, *args, **kwargs)
        seconds = getattr(request, "throttled_seconds", 0)
        return _refused(response, seconds) if seconds else response

    return answered


def door(view: View) -> View:
    """Around an asynchronous view that may hash a password: one at a time, the others wait without a thread.

    Answers 429 where `check` refused, and where too many wait.
    """
    answered = limited(view)

    async def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method != "POST":
            return await answered(request, *args, **kwargs)
        address = network(request.META["REMOTE_ADDR"])
        if _waiting.total() >= WAITING_MAX or _waiting[address] >= WAITING_FROM_ADDRESS:
            return _refused(render(request, "429.html"), BUSY_SECONDS)
        _waiting[address] += 1
        try:
            async with _one_at_a_time:
                return await answered(request, *args, **kwargs)
        finally:
            _waiting[address] -= 1
            if not _waiting[address]:
                del _waiting[address]

    return guarded


_waiting: Counter[str] = Counter()  # requests at the doors of this process, by address
_one_at_a_time = asyncio.Semaphore(1)


def _refused(response: HttpResponseBase, seconds: int) -> HttpResponseBase:
    REFUSED.inc()
    response.status_code = 429
    response["Retry-After"] = str(seconds)
    return response


def _key_of_name(name: str) -> str:
    """Of the account, if it is one's: each spelling signs in, and so does each former name.

    Else hashed: what was typed into the field may be a password.
    """
    key = skeleton(name)
    if person := AccountName.objects.filter(pk=key).values_list("person", flat=True).first():
        return f"account:{person}"
    return "name:" + hashlib.sha256(key.encode()).hexdigest()[:32]


def _key_of_address(request: HttpRequest) -> str:
    return f"address:{network(request.META['REMOTE_ADDR'])}"
