"""`manage.py follow`: what follows the log, in a process of its own. Ctrl-C or SIGTERM stops it after its step."""

import signal
from threading import Event
from typing import Any

from django.core.management.base import BaseCommand

from chat.features import FOLLOWERS
from chat.follower import follow


class Command(BaseCommand):
    help = "Follow the log: do what features do with messages after they were said."

    def handle(self, **options: Any) -> None:
        if not FOLLOWERS:
            self.stdout.write("No feature follows the log.")
            return
        stop = Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        self.stdout.write(f"Following: {', '.join(follower.name for follower in FOLLOWERS)}")
        follow(FOLLOWERS, stop)
