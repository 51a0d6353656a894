"""Invitations: a link with a number of uses and an end."""

from datetime import timedelta

from django.db.models import F, QuerySet
from django.utils import timezone

from accounts.codes import digest, new_code
from accounts.models import Invitation, User

USES_MAX = 100
DAYS_MAX = 7


def invite(by: User | None, *, uses: int = 1, days: int = DAYS_MAX) -> str:
    """The code of a new invitation. It is shown now and never again.

    Raises:
        ValueError: so many uses or days it cannot have.
    """
    if not (1 <= uses <= USES_MAX and 1 <= days <= DAYS_MAX):
        raise ValueError(f"An invitation has 1 to {USES_MAX} uses, within 1 to {DAYS_MAX} days.")
    code = new_code()
    end = timezone.now() + timedelta(days=days)
    Invitation.objects.create(digest=digest(code), made_by=by, uses_left=uses, expires_at=end)
    return code


def usable() -> QuerySet[Invitation]:
    return Invitation.objects.filter(uses_left__gt=0, expires_at__gt=timezone.now())


def find(code: str) -> Invitation | None:
    """One that can still be used."""
    return usable().filter(digest=digest(code)).first()


def take(code: str) -> bool:
    """Use it once. Of two who take the last use at the same time, one gets it."""
    return usable().filter(digest=digest(code)).update(uses_left=F("uses_left") - 1) == 1
