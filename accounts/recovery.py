"""A way back for whoever lost password and passkeys: a link that an administrator makes, for one use within an hour."""

from datetime import timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.codes import digest, new_code
from accounts.models import Recovery, User

LIFETIME = timedelta(hours=1)


def link(person: User) -> str:
    """The path of a new link. Earlier ones of the same person open nothing any more."""
    code = new_code()
    fields = {"digest": digest(code), "expires_at": timezone.now() + LIFETIME}
    Recovery.objects.update_or_create(person=person, defaults=fields)
    return reverse("recover", args=[code])


def find(code: str) -> User | None:
    """Whom it lets in, if it still does."""
    valid = Recovery.objects.filter(digest=digest(code), expires_at__gt=timezone.now(), person__is_active=True)
    recovery = valid.select_related("person").first()
    return recovery.person if recovery else None


def use(code: str, person: User) -> bool:
    """Store the password that `person` was given, without any passkeys. Of two who try at once, one succeeds.

    The hash is made before this, for it takes half a second in which nobody else could write.
    """
    from allauth.mfa.models import Authenticator

    with transaction.atomic():
        valid = Recovery.objects.filter(digest=digest(code), expires_at__gt=timezone.now(), person=person)
        if not valid.delete()[0]:
            return False
        person.save(update_fields=["password"])
        Authenticator.objects.filter(user=person).delete()  # lost as well, else the new password would not be enough
    return True
