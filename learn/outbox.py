"""What goes to Telegram: patiently, in order within a chat, and in parts that it takes."""

import asyncio
import logging
import os
from collections import deque
from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta
from functools import partial

from telegram import Bot
from telegram.constants import MessageLimit
from telegram.error import BadRequest, ChatMigrated, Conflict, Forbidden, InvalidToken, RetryAfter, TelegramError

os.environ.setdefault("PTB_TIMEDELTA", "1")  # `RetryAfter.retry_after` as it will be; the library warns otherwise

logger = logging.getLogger(__name__)

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0  # seconds between two attempts
NOT_ALONE = "a webhook or another process takes this bot's updates, and only one may"


async def insist[T](call: Callable[[], Awaitable[T]], what: str) -> T:
    """Call until it is done: after the wait that Telegram asks for, with growing pauses while it cannot be reached.

    Raises:
        telegram.error.TelegramError: another attempt would not help.
    """
    pause = FIRST_PAUSE
    while True:
        try:
            return await call()
        except RetryAfter as error:
            asked = error.retry_after
            wait = asked.total_seconds() if isinstance(asked, timedelta) else float(asked)
            reason = "Telegram asks for patience"
        except (InvalidToken, Forbidden, BadRequest, ChatMigrated):  # BadRequest is a NetworkError to the library
            raise
        except TelegramError as error:
            wait, pause = pause, min(2 * pause, LONGEST_PAUSE)
            reason = f"{NOT_ALONE} ({error})" if isinstance(error, Conflict) else str(error)
        logger.warning("%s: %s; trying again in %g s", what, reason, wait)
        await asyncio.sleep(wait)


def pieces(text: str) -> Iterator[str]:
    """The text in parts that Telegram takes, cut between lines or words where it can be.

    A character beyond the basic plane counts twice here: Telegram measures in UTF-16.
    """
    while text:
        piece = text[: MessageLimit.MAX_TEXT_LENGTH]
        while (excess := len(piece.encode("utf-16-le")) // 2 - MessageLimit.MAX_TEXT_LENGTH) > 0:
            piece = piece[: -(excess + 1) // 2]
        if len(piece) < len(text):
            cut = max(piece.rfind("\n"), piece.rfind(" ")) + 1
            piece = piece[: cut or len(piece)]
        text = text[len(piece) :]
        if piece.strip():  # Telegram refuses what cannot be seen
            yield piece


class Outbox:
    """What goes to Telegram: in order within a chat, and no chat waits for another."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._waiting: dict[int, deque[tuple[str, asyncio.Future[bool]]]] = {}
        self._senders: dict[int, asyncio.Task[None]] = {}

    def __len__(self) -> int:
        """How many texts are not sent yet."""
        return sum(len(waiting) for waiting in self._waiting.values())

    def put(self, chat: int, text: str) -> asyncio.Future[bool]:
        """Send it when its turn comes. The result: whether the chat still wants to hear from us."""
        sent: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(chat, deque()).append((text, sent))
        if chat not in self._senders:
            self._senders[chat] = asyncio.create_task(self._send_all(chat))
        return sent

    async def _send_all(self, chat: int) -> None:
        waiting = self._waiting[chat]
        while waiting:
            text, sent = waiting[0]
            welcome = await self._send(chat, text)
            waiting.popleft()
            if not sent.done():  # nobody may wait for it any more
                sent.set_result(welcome)
        del self._waiting[chat], self._senders[chat]

    async def _send(self, chat: int, text: str) -> bool:
        """At least once: where the line breaks before the answer, nobody knows whether it was taken."""
        try:
            for piece in pieces(text):
                await insist(partial(self._bot.send_message, chat, piece), "sendMessage")
        except TelegramError as error:
            logger.warning("not sent: %s", error)
            return not isinstance(error, Forbidden | ChatMigrated)
        except Exception:  # such as text that is none: what comes after it shall be sent
            logger.exception("not sent")
        return True

    def close(self) -> None:
        for sender in self._senders.values():
            sender.cancel()
