"""What a verb is, and those of the core: say, edit, delete. Features bring others: see chat.features."""

from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any, ClassVar, Protocol, Self
from uuid import UUID, uuid4

from chat import markup
from chat.hub import Hub
from chat.identity import PASSING, Identity
from chat.models import Message, Room
from chat.permissions import may_change, may_moderate, moderated
from chat.posting import Accepted, Batch, Change, Verdict
from chat.protocol import Refused, clean_text, parse_client_id


class Act(Protocol):
    """A verb that changes nothing in the log: typing, a name."""

    room: str
    author: Identity
    bucket: ClassVar[str]

    async def act(self, hub: Hub) -> Identity | None:
        """Who its author is from now on, if that changed. Raises Refused."""


Verb = Change | Act


@dataclass(slots=True)
class Say(Change):
    """A `client_id` that its author repeats is not stored again; anything else under it is a `conflict`."""

    room: str
    author: Identity
    text: str
    client_id: UUID = field(default_factory=uuid4)
    body: str = ""
    parts: str = ""  # of features: see chat.parts

    is_said: ClassVar[bool] = True

    @classmethod
    def parse(cls, room: str, author: Identity, frame: dict[str, Any]) -> Self:
        client_id = parse_client_id(frame.get("client_id"))
        try:
            return cls(room, author, clean_text(frame.get("message")), client_id)
        except Refused as refused:
            refused.client_id = frame["client_id"]
            raise

    def prepare(self) -> None:
        self.body = markup.body(self.text)

    def carry_out(self, batch: Batch, room: Room) -> Verdict:
        if first := batch.said_before(room, self.client_id):
            if _is_repeat(first, self.author, self.text):
                return Accepted(first.seq, first, repeat=True)
            return Refused("conflict", "This client_id was used before.")
        return batch.say(room, self.author, self.client_id, self.text, self.body, self.parts)


@dataclass(slots=True)
class Edit(Change):
    room: str
    author: Identity
    touches: int = field()  # the property of Change is no default
    text: str
    body: str = ""

    def prepare(self) -> None:
        self.body = markup.body(self.text)

    def carry_out(self, batch: Batch, room: Room) -> Verdict:
        message = batch.find(room, self.touches)
        if not message or not may_change(self.author, message):
            return Refused("forbidden", "Only its author may change a message.")
        if message.deleted_at:
            return Refused("forbidden", "It is gone.", reason="deleted")
        if message.text == self.text:
            return Accepted(message.changed_seq, message, repeat=True)
        message.first_digest = message.first_digest or _digest(message.text)
        message.text, message.body, message.edited_at = self.text, self.body, batch.now
        return batch.change(room, message)


@dataclass(slots=True)
class Delete(Change):
    """Take a message away, and its text out of the database. Deleting it again changes nothing."""

    room: str
    author: Identity
    touches: int = field()  # the property of Change is no default

    def carry_out(self, batch: Batch, room: Room) -> Verdict:
        message = batch.find(room, self.touches)
        if not message or not (may_change(self.author, message) or may_moderate(self.author, room)):
            return Refused("forbidden", "Only its author may change a message.")
        if message.deleted_at:
            return Accepted(message.changed_seq, message, repeat=True)
        message.text = message.body = message.parts = ""
        message.first_digest, message.deleted_at = None, batch.now
        if not may_change(self.author, message):
            for note in moderated:
                note(self, message)
        return batch.change(room, message)


def _is_repeat(first: Message, author: Identity, text: str) -> bool:
    """Everybody knows a message's `client_id`: from others no answer may depend on a text that is no longer shown."""
    if first.author_id != author.id:
        is_unchanged = first.first_digest is None and first.deleted_at is None
        return first.author_id.startswith(PASSING) and author.is_guest and is_unchanged and first.text == text
    if first.deleted_at:
        return True  # its text is gone, and a late repeat must not bring it back
    if first.first_digest:
        return bytes(first.first_digest) == _digest(text)
    return first.text == text


def _digest(text: str) -> bytes:
    return blake2b(text.encode(), digest_size=16).digest()
