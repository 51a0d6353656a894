"""Rooms, what was said in them, the names that guests chose, and who signed out.

The database is the log: `Room.seq` counts every change in a room, and every change belongs to one message.
"""

from django.db import models


class RoomQuerySet(models.QuerySet["Room"]):
    def recently_active(self) -> "RoomQuerySet":
        return self.order_by("-active_at", "-id")


class Room(models.Model):
    name = models.CharField(max_length=640, unique=True, help_text="canonical: see chat.names")
    seq = models.BigIntegerField(default=0, help_text="the number of the room's last change")
    active_at = models.DateTimeField(db_index=True)

    objects = RoomQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name


class MessageQuerySet(models.QuerySet["Message"]):
    def page_before(self, seq: int | None = None, *, size: int = 50) -> "list[Message]":
        """The last `size` messages, those before `seq` if given, oldest first; deleted ones are not shown."""
        page = self.filter(deleted_at=None)
        if seq is not None:
            page = page.filter(seq__lt=seq)
        return list(page.order_by("-seq")[:size])[::-1]

    def changes_after(self, seq: int) -> "MessageQuerySet":
        """The latest state of every message changed after `seq`, in the order of the changes."""
        return self.filter(changed_seq__gt=seq).order_by("changed_seq")


class Message(models.Model):
    """One thing said. A deleted message keeps its place in the log, and no text."""

    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="messages")
    seq = models.BigIntegerField(help_text="the change at which it was said: its id in the room")
    changed_seq = models.BigIntegerField(help_text="the change that last touched it")
    client_id = models.UUIDField(help_text="made by the client, so that a repeat is known as one")
    author_id = models.CharField(max_length=40)
    author_name = models.CharField(max_length=32)
    text = models.TextField()
    first_digest = models.BinaryField(null=True, help_text="of the first text, once an edit has replaced it")
    sent_at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True)
    deleted_at = models.DateTimeField(null=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["room", "seq"], name="one_message_per_seq"),
            models.UniqueConstraint(fields=["room", "changed_seq"], name="one_change_per_seq"),
            models.UniqueConstraint(fields=["room", "client_id"], name="one_message_per_client_id"),
        ]

    def __str__(self) -> str:
        return f"{self.room_id}:{self.seq}"


class Guest(models.Model):
    """A guest who chose a name. The id lives in the session's signed cookie."""

    id = models.UUIDField(primary_key=True)
    name = models.CharField(max_length=32)

    def __str__(self) -> str:
        return self.name


class SignedOut(models.Model):
    """A session that a user ended. Kept for as long as a copy of its cookie would be good."""

    login = models.UUIDField(primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.login)
