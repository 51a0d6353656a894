"""Who is speaking: a signed-in user, or a guest of the session, else of the connection alone."""

from dataclasses import dataclass, replace
from importlib import import_module
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, parse_cookie

from chat import sessions
from chat.models import Guest
from chat.names import DISPLAY_NAME_MAX, clean_display_name

SESSION_KEY = "guest"


@dataclass(frozen=True, slots=True)
class Identity:
    """`id` is public and the same on every device of a session; `guest` is the key of a name that is remembered."""

    id: str
    name: str
    guest: UUID | None = None
    is_staff: bool = False
    ticket: sessions.Ticket | None = None  # of a signed-in user

    def public(self) -> dict[str, str]:
        return {"id": self.id, "name": self.name}


def of_request(request: HttpRequest) -> Identity:
    """Whoever asks for a page. A visitor without a session becomes a guest of a new one."""
    if request.user.is_authenticated and not sessions.is_good(request.session):
        request.session.flush()  # else its copy would be signed anew
        request.user = AnonymousUser()
    if not request.user.is_authenticated and SESSION_KEY not in request.session:
        request.session[SESSION_KEY] = uuid4().hex
    return _named([_of_session(request.session, request.user)])[0]


def of_cookie_headers(headers: list[str]) -> list[Identity]:
    """Those who open WebSockets. These cannot set a cookie, so a visitor without a session is new each time."""
    return _named([_of_cookie_header(header) for header in headers])


def _of_cookie_header(header: str) -> Identity:
    key = parse_cookie(header).get(settings.SESSION_COOKIE_NAME)
    if not key:
        return stranger()
    session: SessionBase = import_module(settings.SESSION_ENGINE).SessionStore(key)
    # Django's own check, because that of channels.auth ignores SECRET_KEY_FALLBACKS.
    user = get_user(SimpleNamespace(session=session))  # type: ignore[arg-type]
    return _of_session(session, user if user.is_authenticated and sessions.is_good(session) else AnonymousUser())


def _of_session(session: SessionBase, user: Any) -> Identity:
    if user.is_authenticated:
        name, ticket = user.get_username()[:DISPLAY_NAME_MAX], sessions.ticket(user, session)
        return Identity(id=f"user-{user.pk}", name=name, is_staff=user.is_staff, ticket=ticket)
    try:
        key = UUID(hex=session[SESSION_KEY])
    except (KeyError, ValueError):
        return stranger()
    return replace(_guest(key), guest=key)


def _named(identities: list[Identity]) -> list[Identity]:
    """The same, with the names that guests have chosen."""
    keys = [each.guest for each in identities if each.guest]
    names = dict(Guest.objects.filter(pk__in=keys).values_list("pk", "name")) if keys else {}
    return [replace(each, name=names[each.guest]) if each.guest in names else each for each in identities]


def stranger() -> Identity:
    """A guest of the connection alone."""
    return _guest(uuid4())


def _guest(key: UUID) -> Identity:
    return Identity(id=f"guest-{key.hex[:16]}", name=f"Anonymous-{key.hex[:4]}")


def rename(identity: Identity, name: str) -> Identity:
    """The same person under the name that they chose; remembered for a guest of a session.

    Raises:
        ValueError: that is no name, or not a guest's.
    """
    if identity.id.startswith("user-"):
        raise ValueError("Your name is that of your account.")
    name = clean_display_name(name)
    if identity.guest:
        Guest.objects.update_or_create(pk=identity.guest, defaults={"name": name})
    return replace(identity, name=name)
