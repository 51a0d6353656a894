"""Between a Telegram chat and a room: `/join lobby` links the two, `/leave` ends it.

What is said on either side is heard on the other, through the doors that browsers use: `obey` and a member of the
room's feed. The bot is a process of its own: without REDIS_URL the web's processes hear of it by their poll. Which
chat is in which room is kept in memory: after a restart it takes another `/join`.
"""

import asyncio
import logging
from collections.abc import Callable
from uuid import NAMESPACE_URL, UUID, uuid5

from django.conf import settings
from django.db import Error as DatabaseError
from telegram import Message

from accounts.display_names import DISPLAY_NAME_MAX, clean_display_name
from chat.commands import obey
from chat.events import Frame, Whisper
from chat.hub import hub
from chat.identity import Identity
from chat.names import canonical_room_name
from chat.protocol import Event, Refused, bad_frame, clean_text, unavailable
from chat.subscriber import Subscriber
from chat.verbs import Say

logger = logging.getLogger(__name__)

HELP = "/join lobby links this chat with the room “lobby”, /leave ends that. Until then I repeat what you say."

Put = Callable[[int, str], asyncio.Future[bool]]


class Bridge:
    """The links of all chats. `put` sends a text to a chat."""

    def __init__(self, put: Put) -> None:
        self._put = put
        self._links: dict[int, Link] = {}

    async def takes(self, message: Message) -> bool:
        """Deal with a message if it is a command, or if its chat is in a room; the chat hears what is refused."""
        command, _, argument = (message.text or "").strip().partition(" ")
        chat = message.chat.id
        try:
            match command.partition("@")[0].lower():  # in a group the bot's name may follow
                case "/start" | "/help":
                    self._put(chat, HELP)
                case "/join":
                    await self._join(chat, argument.strip())
                case "/leave":
                    self._leave(chat)
                case _ if link := self._links.get(chat):
                    await link.say(message)
                case _:
                    return False
        except Refused as refused:
            self._put(chat, refused.detail)
        return True

    async def _join(self, chat: int, name: str) -> None:
        try:
            room = canonical_room_name(name)
        except ValueError as error:
            raise bad_frame(f"No room is called that. {error}") from error
        if old := self._links.pop(chat, None):
            old.close()
        link = Link(chat, room, self._put, self._lost)
        await link.open()
        self._links[chat] = link

    def _leave(self, chat: int) -> None:
        if link := self._links.pop(chat, None):
            link.close()
            self._put(chat, f"You have left “{link.room}”.")
        else:
            self._put(chat, "You are in no room.")

    def _lost(self, link: "Link") -> None:
        link.close()
        if self._links.get(link.chat) is link:
            del self._links[link.chat]

    def close(self) -> None:
        while self._links:
            self._links.popitem()[1].close()


class Link:
    """One chat in one room."""

    def __init__(self, chat: int, room: str, put: Put, lost: Callable[["Link"], None]) -> None:
        self.chat, self.room = chat, room
        self._put, self._lost = put, lost
        self._authors = f"telegram-{_hidden('chat', chat)}-"  # with which the id of each who writes there begins
        self._subscriber = Subscriber(room, Identity(f"{self._authors}bot", "Telegram"), self)

    async def open(self) -> None:
        """Hear what is said from now on.

        Raises:
            Refused: `unavailable`.
        """
        try:
            await hub().follow(self._subscriber, None)
        except DatabaseError as error:
            self.close()
            raise unavailable() from error
        except Refused:
            self.close()
            raise

    async def say(self, message: Message) -> None:
        """Store it in the room; once, however often Telegram brings it.

        Raises:
            Refused: for its text, its rate or a database that is down.
        """
        user = message.from_user.id if message.from_user else 0
        author = Identity(self._authors + _hidden("user", user), _name(message))
        client_id = _uuid("message", f"{self.chat}/{message.message_id}")
        outcome = await obey(hub(), Say(self.room, author, clean_text(message.text), client_id))
        if isinstance(outcome, Refused):
            raise outcome

    async def send_event(self, event: Event) -> None:
        if event["type"] == "hello":
            self._put(self.chat, f"You are in “{self.room}”. /leave ends it.")

    async def send_frame(self, frame: Frame | Whisper) -> None:
        """Waits for Telegram, so that what is said too fast for it collects with the subscriber, who is bounded."""
        if isinstance(frame, Whisper):
            return
        others: dict[int, str] = {}
        for each in frame.events:
            is_new = each["type"] == "message" and each["id"] >= frame.first
            if is_new and not each["author"]["id"].startswith(self._authors):
                others.setdefault(each["id"], f"{each['author']['name']}: {each['text']}")  # not again if it was edited
        if others and not await self._put(self.chat, "\n".join(others.values())):
            logger.info("a chat does not want to hear from us any more: it leaves %s", self.room)
            self._lost(self)

    def end(self, code: int, refused: Refused | None) -> None:
        self._put(self.chat, f"More is said in “{self.room}” than Telegram takes. Send /join {self.room} to come back.")
        self._lost(self)

    def close(self) -> None:
        hub().leave(self._subscriber)


def _name(message: Message) -> str:
    """The sender's first name, as far as the product shows such names."""
    raw = message.from_user.first_name if message.from_user else message.chat.title or ""
    seen = "".join(character for character in " ".join(raw.split()) if character.isprintable())
    try:
        return clean_display_name(seen[:DISPLAY_NAME_MAX])
    except ValueError:
        return "Somebody"


def _uuid(kind: str, key: str) -> UUID:
    """Always the same for the same key. Rooms show it: without the secret the key could be found by trying them all."""
    return uuid5(NAMESPACE_URL, f"{settings.SECRET_KEY}/telegram/{kind}/{key}")


def _hidden(kind: str, number: int) -> str:
    return _uuid(kind, str(number)).hex[:12]
