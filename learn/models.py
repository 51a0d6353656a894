"""What the classroom keeps: the entries of the `log` demo."""

from django.db import models


class Log(models.Model):
    type = models.CharField(max_length=64)
    host = models.CharField(max_length=64)
    port = models.PositiveIntegerField()
    time = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.time:%H:%M:%S} {self.host}:{self.port} {self.type}"
