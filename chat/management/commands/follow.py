"""`manage.py follow`: what follows the log, in a process of its own. Ctrl-C or SIGTERM stops it after its step."""

from typing import Any

from django.core.management.base import BaseCommand

from chat.features import FOLLOWERS
from chat.follower import follow_in_process


class Command(BaseCommand):
    help = "Follow the log: do what features do with messages after they were said."

    def handle(self, **options: Any) -> None:
        if not FOLLOWERS:
            self.stdout.write("No feature follows the log.")
            return
        names = ", ".join(follower.name for follower in FOLLOWERS)
        follow_in_process(FOLLOWERS, lambda: self.stdout.write(f"Following: {names}"))
