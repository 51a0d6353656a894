"""Sessions of accounts are rows of the database, so signing out is final everywhere."""

from collections.abc import Collection, Iterable, Mapping, Set
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, NamedTuple

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.models import AbstractBaseUser
from django.contrib.auth.signals import user_logged_in
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models.signals import post_delete, post_save
from django.dispatch import Signal, receiver
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from accounts.many import among
from accounts.models import User

accounts_changed = Signal()  # after the commit: some ended, or an account has another name: see `look`
STAFF_SECONDS = 12 * 60 * 60
RENEWED_AFTER = timedelta(days=1)
SEEN_IN_SESSIONS = {"username", "password", "is_active", "is_staff"}


@dataclass(frozen=True, slots=True)
class Ticket:
    """What let a signed-in user in. It ends with the session, the account or the password."""

    session: str
    user: int
    auth_hash: str


@dataclass(frozen=True, slots=True)
class SignedIn:
    user: User
    ticket: Ticket
    is_due: bool  # to be renewed, so that it does not expire while it is used


class Look(NamedTuple):
    """`ended` let nobody in any more: signed out, deactivated, expired, another password, or staff since or no more."""

    ended: Set[Ticket] = frozenset()
    names: Mapping[int, str] = {}  # of the accounts of the others


def signed_in(keys: Iterable[str]) -> dict[str, SignedIn]:
    """Those of these session keys that let somebody in: two queries for all.

    The same checks as `django.contrib.auth.get_user`, which asks for one session at a time.
    """
    now = timezone.now()
    sessions = Session.objects.filter(session_key__in=among(set(keys)), expire_date__gt=now)
    found = {row.session_key: row for row in sessions}
    contents = {key: row.get_decoded() for key, row in found.items()}
    users = User.objects.in_bulk({_user_id(content) for content in contents.values()} - {None})
    lifetime = timedelta(seconds=settings.SESSION_COOKIE_AGE)
    accepted = {}
    for key, content in contents.items():
        user = users.get(_user_id(content))
        if user and _lets_in(user, content):
            is_due = not user.is_staff and found[key].expire_date < now + lifetime - RENEWED_AFTER
            accepted[key] = SignedIn(user, Ticket(key, user.pk, content[HASH_SESSION_KEY]), is_due)
    return accepted


def look(tickets: Collection[Ticket]) -> Look:
    """How the sessions of people who are connected stand now."""
    valid = signed_in(ticket.session for ticket in tickets)
    ended = {ticket for ticket in tickets if ticket.session not in valid or valid[ticket.session].ticket != ticket}
    return Look(ended, {each.user.pk: each.user.get_username() for each in valid.values()})


def _user_id(content: dict[str, Any]) -> Any:
    try:
        return User._meta.pk.to_python(content[SESSION_KEY])
    except (KeyError, ValueError):
        return None


def _lets_in(user: AbstractBaseUser, content: dict[str, Any]) -> bool:
    given = content.get(HASH_SESSION_KEY, "")
    hashes = [user.get_session_auth_hash(), *user.get_session_auth_fallback_hash()]
    return (
        user.is_active
        and content.get(BACKEND_SESSION_KEY) in settings.AUTHENTICATION_BACKENDS
        and any(constant_time_compare(given, each) for each in hashes)
    )


@receiver(user_logged_in)
def _short_for_staff(request: Any, user: User, **_: Any) -> None:
    if request and user.is_staff:
        request.session.set_expiry(STAFF_SECONDS)


@receiver(post_delete, sender=Session)
def _signed_out(**_: Any) -> None:
    transaction.on_commit(lambda: accounts_changed.send(None))


@receiver(post_save, sender=User)
def _changed(update_fields: Collection[str] | None, created: bool, **_: Any) -> None:
    """Perhaps the name, the password, or whether the account is active or staff."""
    if not created and (update_fields is None or SEEN_IN_SESSIONS & set(update_fields)):
        transaction.on_commit(lambda: accounts_changed.send(None))
