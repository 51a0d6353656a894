"""`manage.py announce hello`: an event for the group of the `layers` demo, from a process without any consumer."""

from argparse import ArgumentParser
from typing import Any

from asgiref.sync import async_to_sync
from channels.layers import InMemoryChannelLayer, get_channel_layer
from django.core.management.base import BaseCommand, CommandError

from learn.demos.layers import GROUP


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("text")

    def handle(self, *, text: str, **options: Any) -> None:
        layer = get_channel_layer()
        if isinstance(layer, InMemoryChannelLayer):
            raise CommandError("The in-memory layer ends at this process: set REDIS_URL, here and for the server.")
        async_to_sync(layer.group_send)(GROUP, {"type": "layers.message", "text": text, "from": "manage.py announce"})
        self.stdout.write("sent")
