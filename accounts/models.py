"""Accounts, and the names that guests chose."""

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
