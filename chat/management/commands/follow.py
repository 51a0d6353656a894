"""`manage.py follow`: what follows the log, in a process of its own. Ctrl-C or SIGTERM stops it after its step."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from chat.features import FOLLOWERS
from chat.follower import follow_in_process


class Command(BaseCommand):
    help = "Follow the log: do what features do with messages after they were said."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--beat", type=Path, help="a file to touch at each look, for a health check")

    def handle(self, *, beat: Path | None = None, **options: Any) -> None:
        if not FOLLOWERS:
            self.stdout.write("No feature follows the log.")
            return
        if beat:
            try:
                beat.touch()
            except OSError as error:
                raise CommandError(f"--beat: {error}") from error
        names = ", ".join(follower.name for follower in FOLLOWERS)
        ready = f"Following: {names}"
        follow_in_process(FOLLOWERS, lambda: self.stdout.write(ready), beat.touch if beat else lambda: None)
