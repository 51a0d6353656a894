"""Who is speaking: a signed-in user, or a guest of a cookie, else of the connection alone."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from uuid import UUID, uuid4

from django.conf import settings
from django.http import HttpRequest

from accounts.addresses import network
from accounts.guests import anonymous, key_of
from accounts.models import Guest
from accounts.sessions import SignedIn, Ticket, signed_in
from accounts.taken import accounts_among
from chat.together import reading_together

# How ids begin. A passing guest has one for one connection alone.
ACCOUNT, GUEST, PASSING = "user-", "guest-", "guest-once-"


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


def account_id(pk: int) -> str:
    """The public id of an account, by its primary key."""
    return f"{ACCOUNT}{pk}"


def account_pk(id: str) -> int | None:
    """The primary key of the account that has this public id; None for a guest's."""
    return int(id.removeprefix(ACCOUNT)) if id.startswith(ACCOUNT) else None


def of_cookies(visitors: list[Mapping[str, str]]) -> list[Identity]:
    """Those who come with these cookies, however many, in at most four queries."""
    keys = [cookies.get(settings.SESSION_COOKIE_NAME, "") for cookies in visitors]
    accounts = signed_in(keys) if any(keys) else {}
    people = [
        _of_account(accounts[key]) if key in accounts else _of_guest(key_of(cookies))
        for key, cookies in zip(keys, visitors, strict=True)
    ]
    names = names_now(people)
    return [person if person.name == names[person.id] else replace(person, name=names[person.id]) for person in people]


def names_now(people: Iterable[Identity]) -> dict[str, str]:
    """What they are called now, by their ids. A guest may have chosen a name in another tab.

    Somebody without an account whose name has become an account's is Anonymous.
    """
    known = {person.id: person for person in people}
    keys = [person.guest for person in known.values() if person.guest]
    chosen = dict(Guest.objects.filter(pk__in=keys).values_list("pk", "name")) if keys else {}
    names = {id: chosen.get(person.guest, person.name) if person.guest else person.name for id, person in known.items()}
    without_account = {
        id: names[id] for id, person in known.items() if not person.ticket and names[id] != anonymous(id)
    }
    taken = accounts_among(set(without_account.values())) if without_account else set()
    return names | {id: anonymous(id) for id, name in without_account.items() if name in taken}


def _of_account(account: SignedIn) -> Identity:
    user = account.user
    name = user.get_username()
    return Identity(account_id(user.pk), name, is_staff=user.is_staff, ticket=account.ticket, is_due=account.is_due)


def _of_guest(key: UUID | None) -> Identity:
    return new_guest(key) if key else stranger()


def new_guest(key: UUID | None = None) -> Identity:
    """A guest who can be remembered: by a cookie with this key."""
    key = key or uuid4()
    id = f"{GUEST}{key.hex[:16]}"
    return Identity(id, anonymous(id), guest=key)


def guest_by_id(id: str) -> Identity:
    """The one with this public id, by the name that is shown now. Not a passing guest: their name is stored nowhere."""
    start = id.removeprefix(GUEST)
    row = Guest.objects.filter(pk__range=(UUID(start + "0" * 16), UUID(start + "f" * 16))).first()
    guest = Identity(id, row.name if row else anonymous(id))
    return replace(guest, name=names_now([guest])[id])


def stranger() -> Identity:
    """A passing guest: of the connection alone."""
    id = f"{PASSING}{uuid4().hex[:16]}"
    return Identity(id, anonymous(id))


identify = reading_together(of_cookies)  # when a server restarts, everybody connects at once


def of_request(request: HttpRequest) -> Identity:
    """Who asks for a page, and from where: bans and limits are of addresses too. In a thread that reads."""
    return _from_there(of_cookies([request.COOKIES])[0], request)


async def identify_request(request: HttpRequest) -> Identity:
    """The same from the event loop."""
    return _from_there(await identify(request.COOKIES), request)


def _from_there(you: Identity, request: HttpRequest) -> Identity:
    return replace(you, address=network(request.META.get("REMOTE_ADDR", "")))
