"""Who does not want to hear from whom, and links that lead into a room."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from chat.models import Room


class Block(models.Model):
    """`blocked` cannot write to `person` in the direct room of the two."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    blocked = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "blocked"], name="one_block_per_person")]

    def __str__(self) -> str:
        return f"{self.blocked_id} by {self.person_id}"


class RoomInvitations(models.Manager["RoomInvitation"]):
    def usable(self) -> models.QuerySet["RoomInvitation"]:
        return self.filter(uses_left__gt=0, expires_at__gt=timezone.now())


class RoomInvitation(models.Model):
    """A link that makes members: see chat.members.invitations."""

    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64, unique=True, help_text="of the code in the link, which nobody stores")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    uses_left = models.PositiveIntegerField()
    expires_at = models.DateTimeField()

    objects = RoomInvitations()

    def __str__(self) -> str:
        return f"{self.room_id}: {self.uses_left} until {self.expires_at:%Y-%m-%d %H:%M}"
