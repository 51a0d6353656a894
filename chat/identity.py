"""Who is speaking: a signed-in user, or a guest of a cookie, else of the connection alone."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from uuid import UUID, uuid4

from django.conf import settings

from accounts.display_names import DISPLAY_NAME_MAX
from accounts.guests import key_of
from accounts.models import Guest
from accounts.sessions import SignedIn, Ticket, signed_in
from chat.together import reading_together

GUEST, PASSING = "guest-", "guest-once-"  # how their ids begin; a passing guest has an id for one connection alone


@dataclass(frozen=True, slots=True)
class Identity:
    """`id` is public and the same on every device; `guest` is the key under which a guest's name is remembered."""

    id: str
    name: str
    guest: UUID | None = None
    is_staff: bool = False
    ticket: Ticket | None = None  # of a signed-in user
    is_due: bool = False  # for the session to be renewed
    address: str = ""  # where they come from, as far as limits tell addresses apart

    @property
    def is_guest(self) -> bool:
        return self.id.startswith(GUEST)

    def public(self) -> dict[str, str]:
        return {"id": self.id, "name": self.name}


def of_cookies(visitors: list[Mapping[str, str]]) -> list[Identity]:
    """Those who come with these cookies, however many, in at most three queries."""
    keys = [cookies.get(settings.SESSION_COOKIE_NAME, "") for cookies in visitors]
    accounts = signed_in(keys) if any(keys) else {}
    people = [
        _of_account(accounts[key]) if key in accounts else _of_guest(key_of(cookies))
        for key, cookies in zip(keys, visitors, strict=True)
    ]
    guests = [person.guest for person in people if person.guest]
    names = dict(Guest.objects.filter(pk__in=guests).values_list("pk", "name")) if guests else {}
    return [replace(person, name=names[person.guest]) if person.guest in names else person for person in people]


def _of_account(account: SignedIn) -> Identity:
    user = account.user
    name = user.get_username()[:DISPLAY_NAME_MAX]
    return Identity(f"user-{user.pk}", name, is_staff=user.is_staff, ticket=account.ticket, is_due=account.is_due)


def _of_guest(key: UUID | None) -> Identity:
    return new_guest(key) if key else stranger()


def new_guest(key: UUID | None = None) -> Identity:
    """A guest who can be remembered: by a cookie with this key."""
    key = key or uuid4()
    return Identity(id=f"{GUEST}{key.hex[:16]}", name=f"Anonymous-{key.hex[:4]}", guest=key)


def stranger() -> Identity:
    """A passing guest: of the connection alone."""
    key = uuid4().hex
    return Identity(id=f"{PASSING}{key[:16]}", name=f"Anonymous-{key[:4]}")


identify = reading_together(of_cookies)  # when a server restarts, everybody connects at once
