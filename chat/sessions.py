"""The end of a session: who signs out, is deactivated or gets another password speaks under that name no longer.

A signed cookie cannot be taken back, and a WebSocket shows its cookie only once. So signing in numbers the session,
signing out writes that number down, and every `CHAT_POLL_SECONDS` a process asks about those who are connected to it.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.contrib.sessions.backends.base import SessionBase
from django.dispatch import receiver
from django.utils import timezone

from chat.database import reading
from chat.models import SignedOut

LOGIN_KEY = "login"


@dataclass(frozen=True, slots=True)
class Ticket:
    """What a signed-in user was let in by."""

    user: Any  # the primary key
    auth_hash: str  # another one with another password
    login: UUID | None  # None for one who signed in before logins were numbered, or not by a request


def is_good(session: SessionBase) -> bool:
    """False if it was signed out: its cookie may have been copied before."""
    login = _login(session)
    return not (login and SignedOut.objects.filter(pk=login).exists())


def ticket(user: AbstractBaseUser, session: SessionBase) -> Ticket:
    return Ticket(user.pk, user.get_session_auth_hash(), _login(session))


def _login(session: SessionBase) -> UUID | None:
    return UUID(hex=session[LOGIN_KEY]) if LOGIN_KEY in session else None


def ended(tickets: Collection[Ticket]) -> set[Ticket]:
    """Those of them that would let nobody in any more."""
    users = get_user_model()._default_manager.in_bulk({each.user for each in tickets})
    current = {pk: user.get_session_auth_hash() for pk, user in users.items() if user.is_active}
    logins = [each.login for each in tickets if each.login]
    signed_out = set(SignedOut.objects.filter(pk__in=logins).values_list("pk", flat=True))
    return {each for each in tickets if current.get(each.user) != each.auth_hash or each.login in signed_out}


class Watch:
    """The sessions of those who are connected here."""

    def __init__(self) -> None:
        self._ends: dict[Ticket, set[Callable[[], None]]] = {}

    def add(self, ticket: Ticket, end: Callable[[], None]) -> None:
        """`end` is called when the session has ended."""
        self._ends.setdefault(ticket, set()).add(end)

    def discard(self, ticket: Ticket, end: Callable[[], None]) -> None:
        if ends := self._ends.get(ticket):
            ends.discard(end)
            if not ends:
                del self._ends[ticket]

    async def look(self) -> None:
        """Raises django.db.Error: the next look will tell."""
        if self._ends:
            for ticket in await _ended(list(self._ends)):
                for end in self._ends.pop(ticket, ()):
                    end()


_ended = reading(ended)


@receiver(user_logged_in)
def _number(request: Any, **_: Any) -> None:
    if request:
        request.session[LOGIN_KEY] = uuid4().hex


@receiver(user_logged_out)
def _write_down(request: Any, **_: Any) -> None:
    if request and (login := request.session.get(LOGIN_KEY)):
        SignedOut.objects.get_or_create(pk=UUID(hex=login), defaults={"at": timezone.now()})
        oldest_cookie = timezone.now() - timedelta(seconds=settings.SESSION_COOKIE_AGE)
        SignedOut.objects.filter(at__lt=oldest_cookie).delete()
