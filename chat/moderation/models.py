"""Bans, mutes, jobs of deletion, from where guests spoke, and the append-only record of all acts and reports.

People are named by the public id of their identity, `user-3` or `guest-…`, addresses as `accounts.addresses` has them.
"""

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.display_names import STORED_MAX
from chat.models import Room

TARGET_MAX = 64  # characters: an identity's id, or an IPv6 network
WHY_MAX = 300


class TemporaryQuerySet(models.QuerySet[Any]):
    def in_force(self, now: datetime | None = None) -> "TemporaryQuerySet":
        return self.filter(Q(until=None) | Q(until__gt=now or timezone.now()))


class Ban(models.Model):
    """Of an account, a guest or an address. None of them may enter or speak anywhere."""

    target = models.CharField(max_length=TARGET_MAX, unique=True)
    guests_only = models.BooleanField(default=False, db_default=False, help_text="of an address: accounts may come")
    until = models.DateTimeField(null=True, help_text="empty: for good")

    objects = TemporaryQuerySet.as_manager()

    def __str__(self) -> str:
        return self.target


class Mute(models.Model):
    """Of a person in a room, who may read there and delete what is their own."""

    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="+")
    person = models.CharField(max_length=TARGET_MAX)
    until = models.DateTimeField(null=True, help_text="empty: for good")

    objects = TemporaryQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["room", "person"], name="one_mute_per_room")]

    def __str__(self) -> str:
        return f"{self.person} in {self.room_id}"


class Purge(models.Model):
    """Everything by an author is being deleted, newest first; `before` is the primary key down to which it is done."""

    author = models.CharField(max_length=TARGET_MAX)
    by = models.CharField(max_length=TARGET_MAX)
    by_name = models.CharField(max_length=STORED_MAX)
    before = models.BigIntegerField()
    stepped_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"everything by {self.author}"


class Seen(models.Model):
    """A guest spoke from an address on a day. Kept for 30 days, so that a ban can follow to a new cookie."""

    person = models.CharField(max_length=TARGET_MAX)
    address = models.CharField(max_length=TARGET_MAX)
    day = models.DateField(db_index=True)

    class Meta:
        verbose_name_plural = "seen"
        constraints = [models.UniqueConstraint(fields=["person", "address", "day"], name="seen_once_a_day")]

    def __str__(self) -> str:
        return f"{self.person} from {self.address}"


class Record(models.Model):
    """Who did what to whom, when and why; also what was reported. Rows are added, and never changed."""

    at = models.DateTimeField(default=timezone.now)
    act = models.CharField(max_length=10)
    by = models.CharField(max_length=TARGET_MAX)
    by_name = models.CharField(max_length=STORED_MAX)
    whom = models.CharField(max_length=TARGET_MAX, default="", db_default="")
    whom_name = models.CharField(max_length=STORED_MAX, default="", db_default="")
    room = models.CharField(max_length=640, default="", db_default="")
    message = models.BigIntegerField(null=True, help_text="its id in the room")
    until = models.DateTimeField(null=True)
    detail = models.CharField(max_length=WHY_MAX, default="", db_default="", help_text="what else there is to say")
    why = models.CharField(max_length=WHY_MAX, default="", db_default="")

    def __str__(self) -> str:
        return f"{self.act} by {self.by_name}"


class Report(models.Model):
    """A message that somebody reported and nobody has looked at yet; once that is done the row is gone."""

    record = models.OneToOneField(Record, on_delete=models.CASCADE, related_name="waiting")
    room = models.CharField(max_length=640)
    message = models.BigIntegerField()
    reporter = models.CharField(max_length=TARGET_MAX)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["room", "message", "reporter"], name="one_report_per_person")]

    def __str__(self) -> str:
        return f"{self.room}:{self.message}"
