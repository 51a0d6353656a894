"""Who is mentioned where: a row for each person and message."""

from django.conf import settings
from django.db import models

from chat.models import Room


class Mention(models.Model):
    """A person who is mentioned in the message `seq` of a room. A deleted message mentions nobody."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="+")
    seq = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "room", "seq"], name="one_mention_per_message")]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.room_id}:{self.seq}"
