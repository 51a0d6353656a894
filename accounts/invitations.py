"""Invitations: a link with a number of uses and an end."""

from datetime import timedelta

from django.db.models import F
from django.utils import timezone

from accounts.codes import digest, new_code
from accounts.models import Invitation, User

MOST_USES = 100
MOST_DAYS = 7


def invite(by: User | None, *, uses: int = 1, days: int = MOST_DAYS) -> str:
    """The code of a new invitation. It is shown now and never again."""
    if not (1 <= uses <= MOST_USES and 1 <= days <= MOST_DAYS):
        raise ValueError(f"An invitation has 1 to {MOST_USES} uses, within 1 to {MOST_DAYS} days.")
    code = new_code()
    end = timezone.now() + timedelta(days=days)
    Invitation.objects.create(digest=digest(code), made_by=by, uses_left=uses, expires_at=end)
    return code


def find(code: str) -> Invitation | None:
    """One that can still be used."""
    return Invitation.objects.filter(digest=digest(code), uses_left__gt=0, expires_at__gt=timezone.now()).first()


def take(code: str) -> bool:
    """Use it once. Of two who take the last use at the same time, one gets it."""
    usable = Invitation.objects.filter(digest=digest(code), uses_left__gt=0, expires_at__gt=timezone.now())
    return usable.update(uses_left=F("uses_left") - 1) == 1
