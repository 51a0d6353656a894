"""`manage.py run_telegram`: the bot whose token is in TELEGRAM_TOKEN, until SIGTERM or Ctrl-C."""

from typing import Any

from channels.routing import get_default_application
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from telegram.error import InvalidToken

from learn.telegram import TelegramServer


class Command(BaseCommand):
    help = "Answer on Telegram, and carry messages between its chats and the rooms here."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.TELEGRAM_TOKEN:
            raise CommandError("TELEGRAM_TOKEN: required; @BotFather on Telegram gives one to each bot")
        try:
            TelegramServer(get_default_application(), settings.TELEGRAM_TOKEN, settings.TELEGRAM_API_URL).run()
        except InvalidToken:  # its text repeats the token
            raise CommandError("TELEGRAM_TOKEN: Telegram knows no bot with this token") from None
