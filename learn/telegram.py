"""An interface server for Telegram: it long-polls the Bot API and feeds an ASGI application, one instance a chat.

Nothing that was written to the bot is lost: Telegram keeps an update until `getUpdates` asks for a later one, and that
is done only after the update was handed over. After a crash the last ones come again; the bridge stores them once.

The parts of python-telegram-bot that poll by themselves (`Updater`, `Application`) are not used: they confirm what they
have merely put into a queue, and leave it to each call of `sendMessage` what to do when it fails.
"""

import asyncio
import logging
import signal
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from asgiref.server import StatelessServer
from telegram import Bot, Message, Update
from telegram.error import TelegramError
from telegram.request import HTTPXRequest

from learn.bridge import Bridge
from learn.outbox import Outbox, insist

logger = logging.getLogger(__name__)

POLL_SECONDS = 30  # for which Telegram keeps an empty answer back
STOP_SECONDS = 3.0  # for what is under way when the process is asked to stop
MESSAGE_FIELDS = ("message_id", "date", "chat", "from", "text")

Event = dict[str, Any]
Application = Callable[[Event, Callable[[], Awaitable[Event]], Callable[[Event], Awaitable[None]]], Awaitable[None]]


class UpdatesRequest(HTTPXRequest):
    """Leaves of each message what is read here.

    The library refuses whole answers for what it does not know in one of them, such as a poll made by another version
    of the Bot API, and they would come again for ever.
    """

    @staticmethod
    def parse_json_payload(payload: bytes) -> Event:
        answer: Event = HTTPXRequest.parse_json_payload(payload)
        if isinstance(updates := answer.get("result"), list):
            answer["result"] = [
                {"update_id": update["update_id"], "message": _fields(update.get("message"))} for update in updates
            ]
        return answer


def _fields(message: Event | None) -> Event | None:
    return message and {name: message[name] for name in MESSAGE_FIELDS if name in message}


class TelegramServer(StatelessServer):
    """Feeds `application` with what is written to a bot.

    The base class keeps the instances of the 1,000 chats that wrote last; for another chat the oldest has to go.
    The token is a password. httpx logs addresses, which hold it, and `InvalidToken` repeats it: neither is printed.
    """

    def __init__(self, application: Application, token: str, api_url: str) -> None:
        super().__init__(self._one_after_the_other)
        self._telegram_application = application
        self._bot = Bot(token, base_url=api_url, get_updates_request=UpdatesRequest(connection_pool_size=1))
        self._outbox = Outbox(self._bot)
        self._bridge = Bridge(self._outbox.put)
        self._at_work: set[int] = set()  # chats whose application has not asked for its next event yet
        self._offset: int | None = None  # of the first update that was not handed over
        self._stopping = asyncio.Event()
        logging.getLogger("httpx").setLevel(logging.WARNING)

    def run(self) -> None:
        """Serve until SIGTERM or SIGINT.

        Raises:
            telegram.error.InvalidToken: Telegram does not know the bot.
        """
        asyncio.run(self._run_until_signalled())

    async def _run_until_signalled(self) -> None:
        with suppress(NotImplementedError):  # Windows: there Ctrl-C cancels, and nothing waits for an end
            for number in (signal.SIGTERM, signal.SIGINT):
                asyncio.get_running_loop().add_signal_handler(number, self.stop)
        await self.arun()

    async def arun(self) -> None:
        """Serve until `stop`; that of the base class would leave its checker and the applications behind."""
        checker = asyncio.create_task(self.application_checker())
        try:
            await self.handle()
        finally:
            checker.cancel()
            for chat in tuple(self.application_instances):
                self.delete_application_instance(chat)
            self._bridge.close()
            self._outbox.close()
            await self._bot.shutdown()

    def stop(self) -> None:
        """Ask for no more updates, and end when what was handed over is done."""
        self._stopping.set()

    async def handle(self) -> None:
        if await self._unless_stopped(insist(self._sign_in, "getMe")):
            logger.info("%s listens", self._bot.name)
        while not self._stopping.is_set():
            for update in await self._unless_stopped(insist(self._updates, "getUpdates")) or ():
                if not self._stopping.is_set() and await self._unless_stopped(self._handed_over(update)):
                    self._offset = update.update_id + 1
        await self._finish()

    async def _sign_in(self) -> bool:
        await self._bot.initialize()
        return True

    async def _updates(self) -> tuple[Update, ...]:
        """Those after the ones that were handed over: asking confirms these."""
        return await self._bot.get_updates(self._offset, timeout=POLL_SECONDS, allowed_updates=[Update.MESSAGE])

    async def _unless_stopped[T](self, work: Awaitable[T]) -> T | None:
        task, stop = asyncio.ensure_future(work), asyncio.ensure_future(self._stopping.wait())
        try:
            await asyncio.wait([task, stop], return_when=asyncio.FIRST_COMPLETED)
            return task.result() if task.done() else None
        finally:
            task.cancel()
            stop.cancel()
            await asyncio.wait([task, stop])

    async def _handed_over(self, update: Update) -> bool:
        try:
            await self.hand_over(update)
        except Exception:  # it would come again and again, and nothing after it
            logger.exception("an update is left out")
        return True

    async def hand_over(self, update: Update) -> None:
        """To the bridge, or else to the chat's application."""
        message = update.message
        if message is None:  # a kind of update that was not asked for
            return
        if message.text is None:
            if message.chat.type == message.chat.PRIVATE:  # in a group it would be a bother
                self._outbox.put(message.chat.id, "I can only read text.")
        elif not await self._bridge.takes(message):
            self._feed(message)

    def _feed(self, message: Message) -> None:
        chat = message.chat
        scope = {"type": "telegram", "chat": chat.to_dict(), "asgi": {"version": "3.0"}}
        sender = message.from_user.to_dict() if message.from_user else None
        self.get_or_create_application_instance(chat.id, scope).put_nowait(
            {"type": "telegram.message", "text": message.text, "message_id": message.message_id, "from": sender}
        )

    async def _one_after_the_other(self, scope: Event, receive: Callable[[], Awaitable[Event]], send: Any) -> None:
        """The application of one chat; where it ends or fails, a new one takes what is still in the queue."""
        chat = scope["chat"]["id"]
        began = True

        async def next_event() -> Event:
            nonlocal began
            self._at_work.discard(chat)
            event = await receive()
            self._at_work.add(chat)
            began = True
            return event

        async def answer(event: Event) -> None:  # asgiref's own is a lambda, and its async_to_sync warns of those
            await send(event)

        while began:  # one that fails before it takes an event would fail again
            began = False
            try:
                await self._telegram_application(scope, next_event, answer)
            except Exception:
                logger.exception("the application of a chat failed")
            finally:
                self._at_work.discard(chat)

    async def application_send(self, scope: Event, message: Event) -> None:
        """Returns at once: all synchronous consumers share one thread, and must not wait there for Telegram."""
        if message["type"] != "telegram.message":
            raise ValueError(f"Not an event of Telegram: {message['type']}")
        self._outbox.put(scope["chat"]["id"], message["text"])

    async def _finish(self) -> None:
        with suppress(TelegramError, TimeoutError):
            async with asyncio.timeout(STOP_SECONDS):
                while self._is_busy():  # noqa: ASYNC110 - there is no one event for all that applications do
                    await asyncio.sleep(0.02)
                if self._offset is not None:  # what could not be finished is left unconfirmed, and comes again
                    await self._bot.get_updates(self._offset, limit=1, timeout=0)
        if self._outbox:
            logger.warning("%d texts were not sent", len(self._outbox))

    def _is_busy(self) -> bool:
        waiting = any(not each["input_queue"].empty() for each in self.application_instances.values())
        return waiting or bool(self._at_work) or bool(self._outbox)
