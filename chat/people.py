"""Who is connected to this process, as persons: hints to them wherever they are, the end of their sessions, new names.

All processes hear one group of the channel layer, and each knows who is connected to it under which id. So a person
costs no subscription.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Coroutine, Iterator
from contextlib import suppress
from dataclasses import replace
from hashlib import blake2s
from typing import Any

from django.db import Error as DatabaseError

from accounts.sessions import Look, Ticket
from chat import protocol
from chat.events import Whisper, hello_event
from chat.layer import Layer, Message
from chat.observed.request_id import for_everyone
from chat.protocol import SESSION_ENDED, Event, Refused
from chat.subscriber import Subscriber

GROUP = "people"
ROOM_CHANGED = "room "  # how a word to companions begins that names a room whose place in lists may be another now
# What is sent to the group.
TO_PERSONS, TO_COMPANIONS, TO_LOOK = "people.whisper", "people.companions", "people.look"

LookAt = Callable[[Collection[Ticket]], Awaitable[Look]]


class Hints:
    """How things stand, for the answer of a poll. Its client brings `known` back the next time, and is not kept waiting
    where something else is so.
    """

    def __init__(self, asked: str | None) -> None:
        self.keeps = asked is not None  # the client brings a word
        self.events: list[Event] = []
        self.is_news = False  # the client does not know all of that
        self._asked = dict(_part(each) for each in (asked or "").split(","))
        self._known: dict[str, str] = {}

    def knows(self, part: str) -> str:
        """What a companion gave the client to know; empty is nothing, or whatever was made up."""
        return self._asked.get(part, "")

    def note(self, part: str, known: str, *, is_news: bool) -> None:
        """`known` has no comma. A client without a word waits on."""
        self._known[part] = known
        self.is_news = self.is_news or (is_news and self.keeps)

    @property
    def known(self) -> str:
        return ",".join(f"{part}:{known}" for part, known in self._known.items())


def digest(event: Event) -> str:
    """A word for what an event says, to be noted as known."""
    return blake2s(protocol.encode([event]).encode(), digest_size=8).hexdigest()


def _part(raw: str) -> tuple[str, str]:
    part, _, known = raw.partition(":")
    return part, known


class Companion:
    """What a feature brings that lasts as long as a hub. It hears of who comes and goes, and leaves the rest."""

    def came(self, subscriber: Subscriber) -> None:
        """It is live."""

    def went(self, subscriber: Subscriber) -> None:
        """Also of one that never came."""

    def renamed(self, subscriber: Subscriber) -> None:
        """It has another name now."""

    async def tell(self, subscriber: Subscriber, hints: Hints) -> None:
        """Add what a poll is to be told. Raises django.db.Error."""

    def asked(self, verb: Any) -> None:
        """Somebody's verb is about to be carried out, or refused."""

    def heard(self, news: str) -> None:
        """A word from a companion in this or another process, not always from one of the same feature."""

    async def close(self) -> None:
        """With the hub."""


class People:
    """`companions` are what features brought to the hub of these people."""

    def __init__(self, layer: Layer, look: LookAt) -> None:
        self.companions: list[Companion] = []
        self._layer, self._look = layer, look
        self._tabs: dict[str, set[Subscriber]] = {}  # by the identity's id
        self._tasks: set[asyncio.Task[None]] = set()
        self.listening = for_everyone(layer.listen(GROUP, self._heard))

    def companion[C: Companion](self, kind: type[C]) -> C | None:
        """The one of this kind; None where its feature is not there."""
        return next((each for each in self.companions if isinstance(each, kind)), None)

    def __len__(self) -> int:
        return len(self._tabs)

    def __iter__(self) -> Iterator[Subscriber]:
        """Every connection; one may end meanwhile."""
        return iter([tab for tabs in self._tabs.values() for tab in tabs])

    def enter(self, subscriber: Subscriber) -> None:
        self._tabs.setdefault(subscriber.you.id, set()).add(subscriber)

    def came(self, subscriber: Subscriber) -> None:
        for companion in self.companions:
            companion.came(subscriber)

    def leave(self, subscriber: Subscriber) -> None:
        if tabs := self._tabs.get(subscriber.you.id):
            tabs.discard(subscriber)
            if not tabs:
                del self._tabs[subscriber.you.id]
        for companion in self.companions:
            companion.went(subscriber)

    def asked(self, verb: Any) -> None:
        for companion in self.companions:
            companion.asked(verb)

    async def hints(self, subscriber: Subscriber, asked: str | None) -> Hints:
        """How things stand, for one who is not there to hear what is whispered."""
        hints = Hints(asked)
        for companion in self.companions:
            with suppress(DatabaseError):  # the next poll asks again
                await companion.tell(subscriber, hints)
        return hints

    def whisper_to(self, ids: list[str], event: Event) -> None:
        """A hint to persons, wherever they are connected."""
        self._tell_all({"type": TO_PERSONS, "ids": ids, "event": event})

    def tell_companions(self, news: str) -> None:
        """A word that the companions in all processes know. It may be lost."""
        self._tell_all({"type": TO_COMPANIONS, "news": news})

    def room_changed(self, room: str) -> None:
        """It was made, or has another topic or kind."""
        self.tell_companions(ROOM_CHANGED + room)

    def look_at_sessions(self) -> None:
        """Some ended just now, or an account has another name. Where this is lost, the poll sees it."""
        self._tell_all({"type": TO_LOOK})

    def _tell_all(self, message: Message) -> None:
        self._heard(message)
        self._layer.publish(GROUP, message)

    def _heard(self, message: Message) -> None:
        """Every process that can publish can send anything: other types are not for us."""
        if message.get("type") == TO_COMPANIONS:
            for companion in self.companions:
                companion.heard(message["news"])
        if message.get("type") == TO_LOOK:
            self._start(self._look_now())
        if message.get("type") != TO_PERSONS:
            return
        for id in message["ids"]:
            for tab in tuple(self._tabs.get(id, ())):
                if tab.live and message["event"]["type"] == "hello":
                    self._greet(tab, message["event"]["you"]["name"])
                elif tab.live:
                    tab.hint(Whisper("", protocol.encode([message["event"]])))

    def _greet(self, subscriber: Subscriber, name: str) -> None:
        """Another name. The number is the one that this client was sent: it might remember it as seen."""
        subscriber.you = replace(subscriber.you, name=name)
        self._start(subscriber.line.send_event(hello_event(subscriber.room, subscriber.seen, subscriber.you)))
        for companion in self.companions:
            companion.renamed(subscriber)

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        self._tasks.add(task := asyncio.create_task(work))
        task.add_done_callback(self._tasks.discard)

    async def _look_now(self) -> None:
        with suppress(DatabaseError):  # the poll comes soon
            await self.look()

    async def look(self) -> None:
        """At the sessions of accounts. Ends those that are over, and tells the others a new name.

        Raises:
            django.db.Error
        """
        accounts = [(tab, tab.you.ticket) for tab in self if tab.you.ticket]
        if not accounts:
            return
        found = await self._look({ticket for _, ticket in accounts})
        refused = Refused("forbidden", "Your session has ended.", reason="session_ended")
        for tab, ticket in accounts:
            name = found.names.get(ticket.user, tab.you.name)
            if ticket in found.ended:
                tab.end(SESSION_ENDED, refused)
            elif name != tab.you.name and tab.live and not tab.is_over:
                self._greet(tab, name)
