"""A ban of an account ends its sessions, and lets it sign in nowhere until it is over."""

from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.auth.signals import user_logged_in
from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied
from django.dispatch import receiver
from django.utils import timezone

from accounts.models import User
from chat.identity import account_id
from chat.moderation.models import Ban
from chat.protocol import Refused


def end_sessions(user: int) -> None:
    """Every one that there is: who it belongs to stands inside it."""
    living = Session.objects.filter(expire_date__gt=timezone.now())
    theirs = [each.pk for each in living.iterator() if each.get_decoded().get(SESSION_KEY) == str(user)]
    Session.objects.filter(pk__in=theirs).delete()


@receiver(user_logged_in)
def _refuse_banned(request: Any, user: User, **_: Any) -> None:
    if request and not user.is_staff and Ban.objects.in_force().filter(target=account_id(user.pk)).exists():
        request.session.flush()
        raise PermissionDenied(Refused("forbidden", "This account is banned.", reason="banned"))
