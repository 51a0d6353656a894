"""Who does not want to hear from whom."""

from django.conf import settings
from django.db import models


class Block(models.Model):
    """`blocked` cannot write to `person` in the direct room of the two."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    blocked = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "blocked"], name="one_block_per_person")]

    def __str__(self) -> str:
        return f"{self.blocked_id} by {self.person_id}"
