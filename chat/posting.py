"""say, edit, delete: the one door to a room's log, for sockets, views, bots and commands alike.

Plain synchronous functions. Each change takes the room's next number in the transaction that stores it, with the
room's row locked until the commit, so the order of commits is the order of `seq`, without gaps, on every database.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from hashlib import blake2b
from typing import Any
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, IntegrityError, connection, connections, transaction
from django.db.models import Field
from django.utils import timezone

from chat.events import Frame, batch_in_frames, change_event
from chat.identity import Identity
from chat.models import Guest, Message, Room
from chat.protocol import Refused

_FIELDS = [field for field in Message._meta.concrete_fields if not field.primary_key]
_COLUMNS, _VALUES = ", ".join(str(field.column) for field in _FIELDS), ", ".join(["%s"] * len(_FIELDS))
INSERT = f"INSERT INTO chat_message ({_COLUMNS}) VALUES ({_VALUES})"  # noqa: S608 - of our own columns
TAKE_NUMBERS = "UPDATE chat_room SET seq = seq + %s, active_at = %s WHERE name = %s RETURNING id, seq"


@dataclass(frozen=True, slots=True)
class Say:
    room: str  # canonical name
    author: Identity
    text: str  # cleaned: chat.protocol.clean_text
    client_id: UUID


@dataclass(frozen=True, slots=True)
class Edit:
    room: str
    author: Identity
    id: int
    text: str


@dataclass(frozen=True, slots=True)
class Delete:
    room: str
    author: Identity
    id: int


Command = Say | Edit | Delete


@dataclass(frozen=True, slots=True)
class Accepted:
    """The message as it is now; `seq` is the number that the sender is told, a repeat the first one's."""

    seq: int
    message: Message
    repeat: bool = False


Verdict = Accepted | Refused


def say(*, room: str, author: Identity, text: str, client_id: UUID) -> Accepted:
    """Store a message; a repeat of a `client_id` is not stored again.

    Raises:
        Refused: `conflict`, the same `client_id` came with another text before.
    """
    return _alone(Say(room, author, text, client_id))


def edit(*, room: str, author: Identity, id: int, text: str) -> Accepted:
    """Replace a message's text.

    Raises:
        Refused: `forbidden`, it is not the author's, or it is gone.
    """
    return _alone(Edit(room, author, id, text))


def delete(*, room: str, author: Identity, id: int) -> Accepted:
    """Take a message away, and its text out of the database. Deleting it again changes nothing.

    Raises:
        Refused: `forbidden`, it is neither the author's nor is the author staff, or it never was.
    """
    return _alone(Delete(room, author, id))


def _alone(command: Command) -> Accepted:
    (verdict,), _ = commit([command])
    if isinstance(verdict, Refused):
        raise verdict
    return verdict


def commit(commands: Sequence[Command]) -> tuple[list[Verdict], list[Frame]]:
    """Carry out all in one transaction, each with a verdict of its own; one frame for each room that changed.

    Raises:
        django.db.Error: nothing of it is stored, unless the commit itself was cut off; repeating it is safe.
    """
    try:
        verdicts, changes = _say_all(commands)
    except (NotAllNew, IntegrityError):
        with transaction.atomic():
            batch = _Batch.locked(commands)
            verdicts = [batch.carry_out(command) for command in commands]
            batch.store()
        changes = batch.changes
    return verdicts, batch_in_frames((message.room.name, change_event(message)) for message in changes)


class NotAllNew(Exception):  # noqa: N818
    """Not a batch of new messages in rooms that exist: it has to be looked at more closely."""


def _say_all(commands: Sequence[Command]) -> tuple[list[Verdict], list[Message]]:
    """What nearly every batch is, in two statements: take the numbers, store the messages.

    Raises:
        NotAllNew: there is an edit, a deletion or a new room among them.
        django.db.IntegrityError: there is a repeat among them; nothing was stored.
    """
    says = [command for command in commands if isinstance(command, Say)]
    if len(says) != len(commands):
        raise NotAllNew
    now = timezone.now()
    with transaction.atomic():
        rooms = {name: _take_numbers(name, count, now) for name, count in sorted(Counter(s.room for s in says).items())}
        names = _chosen_names(says)
        messages = [_next_message(rooms[say.room], say, names, now) for say in says]
        _insert(messages)
    return [Accepted(message.seq, message) for message in messages], messages


def _take_numbers(name: str, count: int, now: datetime) -> Room:
    """The room as it was, locked until the commit, its counter in the database already `count` further on."""
    with connection.cursor() as cursor:
        cursor.execute(TAKE_NUMBERS, [count, connection.ops.adapt_datetimefield_value(now), name])
        row = cursor.fetchone()
    if row is None:
        raise NotAllNew
    return Room(id=row[0], name=name, seq=row[1] - count, active_at=now)


def _insert(messages: list[Message]) -> None:
    """What `bulk_create` does, at a third of its cost for a single message; the primary keys are not read back."""
    database = connections[DEFAULT_DB_ALIAS]  # `connection` would look for it at each touch

    @cache  # most of a batch has the same room, time and authors
    def prepared(field: "Field[Any, Any]", value: Any) -> Any:
        return field.get_db_prep_save(value, database)

    rows = [[prepared(field, getattr(each, field.attname)) for field in _FIELDS] for each in messages]
    with database.cursor() as cursor:
        cursor.executemany(INSERT, rows)


def _next_message(room: Room, say: Say, names: dict[UUID, str], now: datetime) -> Message:
    room.seq += 1
    author = say.author
    return Message(
        room=room,
        seq=room.seq,
        changed_seq=room.seq,
        client_id=say.client_id,
        author_id=author.id,
        author_name=names.get(author.guest, author.name) if author.guest else author.name,
        text=say.text,
        sent_at=now,
    )


@dataclass
class _Batch:
    now: datetime
    rooms: dict[str, Room]
    names: dict[UUID, str]
    said: dict[tuple[int, UUID], Message]  # by room and client_id
    placed: dict[tuple[int, int], Message]  # by room and id
    new: list[Message] = field(default_factory=list)
    changed: dict[int, Message] = field(default_factory=dict)  # by primary key
    changes: list[Message] = field(default_factory=list)  # each as it was at its change

    @classmethod
    def locked(cls, commands: Sequence[Command]) -> "_Batch":
        """All that the commands touch, read once, with the rooms locked."""
        now = timezone.now()
        rooms = _lock({command.room for command in commands}, {c.room for c in commands if isinstance(c, Say)}, now)
        by_id = {room.pk: room for room in rooms.values()}
        says = [command for command in commands if isinstance(command, Say)]
        ids = [command.id for command in commands if not isinstance(command, Say)]
        batch = cls(now, rooms, _chosen_names(says), {}, {})
        known: list[Message] = []
        if says:
            known += Message.objects.filter(room__in=by_id, client_id__in=[say.client_id for say in says])
        if ids:
            known += Message.objects.filter(room__in=by_id, seq__in=ids)
        for message in known:
            message.room = by_id[message.room_id]
            batch.placed.setdefault((message.room_id, message.seq), message)
        batch.said = {(message.room_id, message.client_id): message for message in batch.placed.values()}
        return batch

    def carry_out(self, command: Command) -> Verdict:
        match command:
            case Say():
                return self._say(command)
            case Edit() | Delete():
                return self._change(command)

    def _say(self, command: Say) -> Verdict:
        room = self.rooms[command.room]
        if first := self.said.get((room.pk, command.client_id)):
            if _is_repeat(first, command.text):
                return Accepted(first.seq, first, repeat=True)
            return Refused("conflict", "This client_id came with another text before.", str(command.client_id))
        message = _next_message(room, command, self.names, self.now)
        self.said[room.pk, command.client_id] = self.placed[room.pk, room.seq] = message
        self.new.append(message)
        self.changes.append(copy(message))
        return Accepted(room.seq, message)

    def _change(self, command: Edit | Delete) -> Verdict:
        room = self.rooms.get(command.room)
        message = self.placed.get((room.pk, command.id)) if room else None
        deleting = isinstance(command, Delete)
        if not room or not message or not _may(command.author, message, staff_too=deleting):
            return Refused("forbidden", "Only its author may change a message.")
        if message.deleted_at:
            return (
                Accepted(message.changed_seq, message, repeat=True) if deleting else Refused("forbidden", "It is gone.")
            )
        room.seq += 1
        message.changed_seq = room.seq
        if isinstance(command, Edit):
            message.first_digest = message.first_digest or _digest(message.text)
            message.text, message.edited_at = command.text, self.now
        else:
            message.text, message.first_digest, message.deleted_at = "", None, self.now
        if message.pk:
            self.changed[message.pk] = message
        self.changes.append(copy(message))
        return Accepted(room.seq, message)

    def store(self) -> None:
        Message.objects.bulk_create(self.new)
        fields = ["changed_seq", "text", "first_digest", "edited_at", "deleted_at"]
        for message in self.changed.values():
            message.save(update_fields=fields)
        for room in {message.room for message in self.changes}:
            Room.objects.filter(pk=room.pk).update(seq=room.seq, active_at=self.now)


def _lock(names: Iterable[str], create: Iterable[str], now: datetime) -> dict[str, Room]:
    """The rooms of these names, locked in one order so that two batches never wait for each other."""
    known = set(Room.objects.filter(name__in=names).values_list("name", flat=True))
    for name in sorted(set(create) - known):
        Room.objects.bulk_create([Room(name=name, active_at=now)], ignore_conflicts=True)
    # One by one: the database would sort names by its own collation, and `_say_all` takes them in Python's order.
    rooms = (Room.objects.select_for_update().filter(name=name).first() for name in sorted(set(names)))
    return {room.name: room for room in rooms if room}


def _chosen_names(says: list[Say]) -> dict[UUID, str]:
    """What guests call themselves now: they may have changed it in another tab, on another process."""
    guests = {say.author.guest for say in says if say.author.guest}
    return dict(Guest.objects.filter(pk__in=guests).values_list("pk", "name")) if guests else {}


def _is_repeat(first: Message, text: str) -> bool:
    if first.deleted_at:
        return True  # its text is gone, and a late repeat must not bring it back
    if first.first_digest:
        return bytes(first.first_digest) == _digest(text)
    return first.text == text


def _digest(text: str) -> bytes:
    return blake2b(text.encode(), digest_size=16).digest()


def _may(author: Identity, message: Message, *, staff_too: bool) -> bool:
    return message.author_id == author.id or (staff_too and author.is_staff)
