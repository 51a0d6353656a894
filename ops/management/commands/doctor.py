"""`manage.py doctor`: what works and what does not, here and, if asked, at an address."""

import argparse
import logging
import sys
from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from ops.doctor import examine
from ops.doctor.asked import Asked, origin


def address(text: str) -> str:
    try:
        return origin(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


class Command(BaseCommand):
    help = "Says what works and what does not, each fault with a fix. Exit status 1 if anything fails."
    requires_system_checks = []  # they are among what is looked at

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--url", type=address, help="look there too: https://chat.example.com")
        parser.add_argument("--processes", type=int, default=1, help="that serve this chat, on all machines")
        parser.add_argument("--timeout", type=float, default=10.0, help="seconds for each part")
        parser.add_argument("--min-free", type=int, default=500, help="MiB that must be free on the disk")
        parser.add_argument("--strict", action="store_true", help="exit status 1 for warnings too")

    def handle(
        self, *, url: str | None, processes: int, timeout: float, min_free: int, strict: bool, **options: Any
    ) -> None:
        logging.disable(logging.CRITICAL)  # what a check stumbles over is its finding
        levels: Counter[str] = Counter()
        for finding in examine(Asked(url or "", processes, timeout, min_free)):
            levels[finding.level] += 1
            self.stdout.write(str(finding))
        self.stdout.write(f"\n{levels['ok']} ok, {levels['warn']} to be warned of, {levels['FAIL']} failing")
        if levels["FAIL"] or (strict and levels["warn"]):
            sys.exit(1)
