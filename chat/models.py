"""Rooms, who belongs to them, what was said in them, and how far the followers of the log have come.

The database is the log: `Room.seq` counts every change in a room, and every change belongs to one message.
Every column added later is nullable or has a `db_default`: during an upgrade the old version still inserts.
"""

from django.conf import settings
from django.db import models

from accounts.display_names import STORED_MAX

PUBLIC, OPEN, CLOSED, DIRECT = "public", "open", "closed", "direct"
MEMBER, ADMINISTRATOR, OWNER = "member", "administrator", "owner"
TOPIC_MAX, SLOW_MAX = 200, 3600  # characters; seconds of slow mode


class Room(models.Model):
    """A place to talk. One that was made by speaking in it has no owner."""

    name = models.CharField(max_length=640, unique=True, help_text="canonical: see chat.names")
    kind = models.CharField(max_length=6, choices=[(kind, kind) for kind in (PUBLIC, OPEN, CLOSED, DIRECT)],
                            default=PUBLIC, db_default=PUBLIC)  # fmt: skip
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    topic = models.CharField(max_length=TOPIC_MAX, default="", db_default="")
    slow_seconds = models.PositiveIntegerField(default=0, db_default=0, help_text="between two messages of a person")
    access = models.BigIntegerField(default=0, db_default=0, help_text="rises with everything that takes a right away")
    seq = models.BigIntegerField(default=0, db_default=0, help_text="the number of the room's last change")
    said = models.BigIntegerField(default=0, db_default=0, help_text="the number of the last thing said")
    active_at = models.DateTimeField(help_text="to the second or so: an index on each message would cost too much")

    class Meta:
        indexes = [
            models.Index(fields=["active_at"], name="room_by_activity"),
            models.Index(fields=["kind", "active_at"], name="room_of_kind_by_activity"),
        ]

    def __str__(self) -> str:
        return self.name


class Member(models.Model):
    """An account that belongs to a room."""

    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="members")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=13, default=MEMBER, db_default=MEMBER)
    read_seq = models.BigIntegerField(default=0, db_default=0, help_text="what was said up to here has been read")
    involvement = models.CharField(max_length=10, default="mentions", db_default="mentions")
    revision = models.BigIntegerField(default=0, db_default=0, help_text="an older write never undoes a newer one")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "room"], name="one_membership_per_room")]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.room_id}"


class MessageQuerySet(models.QuerySet["Message"]):
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
    author_name = models.CharField(max_length=STORED_MAX)
    text = models.TextField()
    body = models.TextField(default="", db_default="", help_text="the text as HTML: see chat.markup")
    html = models.TextField(default="", db_default="", help_text="the whole article")
    rendered = models.PositiveSmallIntegerField(default=0, db_default=0, help_text="by which version of the renderer")
    parts = models.TextField(default="", db_default="", help_text="what features add to its event, as a JSON object")
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
        # With `deleted_at` as its last column it covers the query: without, SQLite does not use it as such.
        indexes = [
            models.Index(fields=["room", "seq", "author_id", "deleted_at"], condition=models.Q(deleted_at=None),
                         name="message_unread"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.room_id}:{self.seq}"


class Cursor(models.Model):
    """How far a follower of the log has come in a room: see chat.follower."""

    follower = models.CharField(max_length=40)
    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="+")
    seq = models.BigIntegerField(default=0, db_default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["follower", "room"], name="one_cursor_per_follower")]

    def __str__(self) -> str:
        return f"{self.follower}@{self.room_id}"
