"""`manage.py recover NAME`: a link with which somebody sets a new password, once, within an hour."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts import recovery
from accounts.models import account_named


class Command(BaseCommand):
    help = "Make a link with which the named person sets a new password, once, within an hour."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="the name of the account")

    def handle(self, *args: Any, name: str, **options: Any) -> None:
        person = account_named(name)
        if person is None or not person.is_active:
            raise CommandError(f"There is no active account named {name}.")
        path = recovery.link(person)
        self.stdout.write(f"For {person.get_username()}, after the address of this chat, for one hour: {path}")
