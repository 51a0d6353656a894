"""Accounts, the names that guests chose, and links that let somebody in once."""

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models


class User(AbstractUser):
    """An account. A model of the project's own from the first migration on, so that it can grow."""


class Guest(models.Model):
    """A guest who chose a name. The key is in a signed cookie: see accounts.guests."""

    id = models.UUIDField(primary_key=True)
    name = models.CharField(max_length=32)

    def __str__(self) -> str:
        return self.name


class Invitation(models.Model):
    """A link to an account of one's own: see accounts.invitations."""

    digest = models.CharField(max_length=64, unique=True, help_text="of the code in the link, which nobody stores")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    uses_left = models.PositiveIntegerField(default=1, db_default=1)

    def __str__(self) -> str:
        return f"{self.uses_left} until {self.expires_at:%Y-%m-%d %H:%M}"


class Recovery(models.Model):
    """A link to a new password, made by an administrator: see accounts.recovery."""

    digest = models.CharField(max_length=64, unique=True, help_text="of the code in the link, which nobody stores")
    person = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.person_id} until {self.expires_at:%Y-%m-%d %H:%M}"
