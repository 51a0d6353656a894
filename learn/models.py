"""What the classroom keeps. Anybody may visit it, so each table has a bound: in `learn.demos.log`, in `learn.sessions`.

Accounts and sessions of the product are never written from here.
"""

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models


class Log(models.Model):
    type = models.CharField(max_length=64)
    host = models.CharField(max_length=64)
    port = models.PositiveIntegerField()
    time = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.time:%H:%M:%S} {self.host}:{self.port} {self.type}"


class Visitor(AbstractBaseUser):
    """Who the `sessions` demo logs in: one row, and no account of the product."""

    username = models.CharField(max_length=32, unique=True)
    USERNAME_FIELD = "username"


class VisitorSession(AbstractBaseSession):
    """A session of the `sessions` demo."""

    address = models.CharField(max_length=64, default="", db_default="", db_index=True)

    class Meta(AbstractBaseSession.Meta):
        abstract = False


class Said(models.Model):
    """What is said in exercise 10, which no address serves."""

    room = models.SlugField()
    number = models.PositiveIntegerField(help_text="1, 2, 3 … in each room")
    text = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["room", "number"], name="said_once_per_number")]

    def __str__(self) -> str:
        return f"{self.room} {self.number}: {self.text}"
