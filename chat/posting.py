"""The one door to a room's log, for sockets, pages, bots and commands alike: a batch of verbs in one transaction.

Each change takes the room's next number in the transaction that stores it, with the room's row locked until the commit.
So the order of commits is the order of `seq`, without gaps, on every database. Plain synchronous functions.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from time import perf_counter
from typing import Any, ClassVar
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Field
from django.utils import timezone

from chat import limits, markup
from chat.counting import Locked, database, give_back, take_numbers
from chat.events import Frame, change_event, in_frames
from chat.identity import Identity, names_now
from chat.models import Message, Room
from chat.permissions import keep_parts, spoken, why_not_change
from chat.protocol import NO_SUCH_MESSAGE, Event, Refused

PREPARING_MAX = 0.05  # seconds; what takes longer to render waits for the next batch

_FIELDS = [field for field in Message._meta.concrete_fields if not field.primary_key]
_CHANGED = [field for field in _FIELDS if field.name in (
    "changed_seq", "text", "body", "html", "rendered", "parts", "first_digest", "edited_at", "deleted_at")]  # fmt: skip
_COLUMNS, _VALUES = ", ".join(str(field.column) for field in _FIELDS), ", ".join(["%s"] * len(_FIELDS))
_ASSIGNED = ", ".join(f"{field.column} = %s" for field in _CHANGED)
INSERT = f"INSERT INTO chat_message ({_COLUMNS}) VALUES ({_VALUES})"  # noqa: S608 - of our own columns
UPDATE = f"UPDATE chat_message SET {_ASSIGNED} WHERE id = %s"  # noqa: S608


class Change(ABC):
    """A verb that changes the log. Features bring their own: `chat.verbs` has the three of the core."""

    room: str  # canonical name
    author: Identity
    bucket: ClassVar[str] = limits.MESSAGES  # which limit it takes from
    is_said: ClassVar[bool] = False  # a message of its own, which makes the room where there is none

    @property
    def client_id(self) -> UUID | None:
        return None

    @property
    def touches(self) -> int | None:
        """The id of the message that it changes."""
        return None

    def prepare(self) -> None:  # noqa: B027 - most have nothing to prepare
        """What takes time and needs no database, before the transaction begins."""

    def why_not(self, room: Room, changed: Iterable[Message]) -> Refused | None:
        """None if its author may do that. `changed` are the messages that its batch has changed so far."""
        return why_not_change(self, room, changed)

    @abstractmethod
    def carry_out(self, batch: "Batch", room: Room) -> "Verdict": ...


@dataclass(frozen=True, slots=True)
class Accepted:
    """The message as it is now; `seq` goes into the sender's `ack`; for a repeat it is the first one's."""

    seq: int
    message: Message
    repeat: bool = False


Verdict = Accepted | Refused


def commit(changes: Sequence[Change]) -> tuple[list[Verdict], list[Frame]]:
    """Carry out the first of them, as many as can be prepared in time, in one transaction.

    Returns a verdict for each of these, and the frames for the rooms that changed.

    Raises:
        django.db.Error: nothing of it is stored, unless the commit itself was cut off; repeating it is safe.
    """
    changes = _prepared(changes)
    try:
        return Batch(changes, careful=False).commit()
    except IntegrityError:  # a client_id came again
        return Batch(changes, careful=True).commit()


def _prepared(changes: Sequence[Change]) -> Sequence[Change]:
    until = perf_counter() + PREPARING_MAX
    for count, change in enumerate(changes, 1):
        change.prepare()
        if perf_counter() > until:
            return changes[:count]
    return changes


@dataclass
class Batch:
    """What verbs work on: the rooms, locked, and the messages that they touch, read in one query for all.

    A `careful` batch also knows what was said before under the same client_ids. Nearly every batch need not ask.
    """

    changes: Sequence[Change]
    careful: bool
    now: datetime = field(default_factory=timezone.now)
    _locked: dict[str, Locked] = field(default_factory=dict)
    _names: dict[str, str] = field(default_factory=dict)  # of those who say something, by their ids
    _placed: dict[tuple[int, int], Message] = field(default_factory=dict)  # by room and id
    _said: dict[tuple[int, UUID], Message] = field(default_factory=dict)  # by room and client_id
    _changed: dict[tuple[int, int], Message] = field(default_factory=dict)  # by room and id, in order of the changes

    def commit(self) -> tuple[list[Verdict], list[Frame]]:
        with transaction.atomic():
            self._locked = take_numbers(self.changes, self.now)
            self._read()
            verdicts = [self._carry_out(change) for change in self.changes]
            self._store()
            for locked in self._locked.values():
                for hook in spoken if locked.spoke else ():
                    hook(locked.room, locked.spoke)
        return verdicts, self._frames()

    def find(self, room: Room, id: int) -> Message | None:
        return self._placed.get((room.pk, id))

    def said_before(self, room: Room, client_id: UUID) -> Message | None:
        return self._said.get((room.pk, client_id))

    def say(self, room: Room, author: Identity, client_id: UUID, text: str, body: str, parts: str = "") -> Accepted:
        """A new message."""
        message = Message(
            room=room, seq=room.seq + 1, client_id=client_id, author_id=author.id, author_name=self._names[author.id],
            text=text, body=body, parts=parts, sent_at=self.now,
        )  # fmt: skip
        self._placed[room.pk, message.seq] = self._said[room.pk, client_id] = message
        if author.ticket:
            self._locked[room.name].spoke[author.ticket.user] = message.seq
        return self.change(room, message)

    def change(self, room: Room, message: Message) -> Accepted:
        """The message, changed in place, takes the room's next number."""
        keep_parts(room, message)
        room.seq += 1
        message.changed_seq = room.seq
        self._changed.pop((room.pk, message.seq), None)  # several changes of one message are one event, the last
        self._changed[room.pk, message.seq] = message
        return Accepted(room.seq, message)

    def _carry_out(self, change: Change) -> Verdict:
        locked = self._locked.get(change.room)
        if locked is None:
            return Refused("forbidden", "There is no such message.", reason=NO_SUCH_MESSAGE)
        return change.why_not(locked.room, self._changed.values()) or change.carry_out(self, locked.room)

    def _read(self) -> None:
        """What the verbs need to know of messages, and what their authors are called now."""
        self._names = names_now(each.author for each in self.changes if each.is_said)
        rooms = {locked.room.pk: locked.room for locked in self._locked.values()}
        messages: list[Message] = []
        if ids := {each.touches for each in self.changes if each.touches is not None}:
            messages += Message.objects.filter(room__in=rooms, seq__in=ids)
        if self.careful:
            client_ids = [each.client_id for each in self.changes if each.client_id]
            messages += Message.objects.filter(room__in=rooms, client_id__in=client_ids)
        for message in messages:
            message.room = rooms[message.room_id]
            self._placed.setdefault((message.room_id, message.seq), message)
        self._said = {(message.room_id, message.client_id): message for message in self._placed.values()}

    def _store(self) -> None:
        """What `bulk_create` does, at a third of its cost for one message; the primary keys are not read back."""
        using = database()

        @cache  # most of a batch has the same room, time and authors
        def prepared(field: "Field[Any, Any]", value: Any) -> Any:
            return field.get_db_prep_save(value, using)

        def values(message: Message, fields: "list[Field[Any, Any]]") -> list[Any]:
            return [prepared(field, getattr(message, field.attname)) for field in fields]

        messages = list(map(markup.finish, self._changed.values()))
        new, old = [each for each in messages if not each.pk], [each for each in messages if each.pk]
        with using.cursor() as cursor:
            if new:
                cursor.executemany(INSERT, [values(message, _FIELDS) for message in new])
            if old:
                cursor.executemany(UPDATE, [[*values(message, _CHANGED), message.pk] for message in old])
        give_back(self._locked.values())

    def _frames(self) -> list[Frame]:
        """The changes of each room, of which those that a later one of the batch replaced are left out."""
        events: dict[int, list[Event]] = {}
        for message in self._changed.values():
            events.setdefault(message.room_id, []).append(change_event(message))
        changed = [each for each in self._locked.values() if each.room.pk in events]
        return [frame for each in changed for frame in in_frames(each.room, each.before, events[each.room.pk])]
