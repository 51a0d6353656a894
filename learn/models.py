"""What the classroom keeps: the entries of the `log` demo, and the messages of exercise 10."""

from django.db import models


class Log(models.Model):
    type = models.CharField(max_length=64)
    host = models.CharField(max_length=64)
    port = models.PositiveIntegerField()
    time = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.time:%H:%M:%S} {self.host}:{self.port} {self.type}"


class Said(models.Model):
    room = models.SlugField()
    number = models.PositiveIntegerField(help_text="1, 2, 3 … in each room")
    text = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["room", "number"], name="said_once_per_number")]

    def __str__(self) -> str:
        return f"{self.room} {self.number}: {self.text}"
