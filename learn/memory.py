"""A log in memory, in the shape in which a hub takes one: for rooms that are forgotten with the process.

It takes what is said and nothing else, and never touches the database.
"""

from collections.abc import Sequence
from uuid import UUID

from django.utils import timezone

from chat import protocol
from chat.events import Frame, change_event
from chat.identity import Identity
from chat.log import Head, Log, Part
from chat.models import Message
from chat.posting import Accepted, Change, Verdict
from chat.protocol import Refused
from chat.rights import Rights
from chat.verbs import Say

PART_MAX = 100  # messages in one part of a replay
BYTES_MAX = 16 * 1024 * 1024


class MemoryLog:
    """At most `rooms_max` rooms, of which the oldest is forgotten first, with `messages_max` messages each.

    `bytes_max` is for the words of all rooms together: beyond it the oldest rooms are forgotten too.
    """

    def __init__(self, *, rooms_max: int, messages_max: int, bytes_max: int = BYTES_MAX) -> None:
        self._rooms: dict[str, list[Message]] = {}
        self._rooms_max, self._messages_max, self._bytes_max = rooms_max, messages_max, bytes_max
        self._bytes = 0

    def as_log(self) -> Log:
        return Log(self.heads, self.standing, self.part_after, self.rights, self.commit)

    def texts(self, room: str) -> list[str]:
        return [message.text for message in self._rooms.get(room, ())]

    async def heads(self, rooms: list[str]) -> dict[str, Head]:
        return {room: Head(len(self._rooms[room])) for room in rooms if room in self._rooms}

    async def standing(self, room: str, after: int) -> tuple[Head, bool]:
        seq = len(self._rooms.get(room, ()))
        return Head(seq), after <= seq

    async def part_after(self, room: str, after: int) -> Part:
        said = self._rooms.get(room, [])
        frame = _frame(room, after, said[after : after + PART_MAX])
        return Part(frame, more=frame is not None and frame.last < len(said))

    async def rights(self, room: str, people: Sequence[Identity]) -> Rights:
        return Rights()

    async def commit(self, changes: Sequence[Change]) -> tuple[list[Verdict], list[Frame]]:
        before = {change.room: len(self._rooms.get(change.room, ())) for change in changes}
        verdicts = [self._say(change) for change in changes]
        frames = [_frame(room, seq, self._rooms.get(room, [])[seq:]) for room, seq in before.items()]
        return verdicts, [frame for frame in frames if frame]

    def _say(self, change: Change) -> Verdict:
        if not isinstance(change, Say):
            return Refused("forbidden", "In this room one can only say something.")
        change.prepare()
        said = self._room(change.room)
        size = _size(change.text, change.body)
        if first := _under(said, change.client_id):
            return Accepted(first.seq, first, repeat=True)
        if len(said) >= self._messages_max or not self._has_space(size, for_room=change.room):
            return Refused("unavailable", "This room is full. Load the page again for another one.")
        seq = len(said) + 1
        message = Message(
            seq=seq, changed_seq=seq, client_id=change.client_id, author_id=change.author.id,
            author_name=change.author.name, text=change.text, body=change.body, sent_at=timezone.now(),
        )  # fmt: skip
        said.append(message)
        self._bytes += size
        return Accepted(seq, message)

    def _has_space(self, size: int, *, for_room: str) -> bool:
        """Other rooms give theirs, from the oldest on."""
        while self._bytes + size > self._bytes_max:
            oldest = next((name for name in self._rooms if name != for_room), None)
            if oldest is None:
                return False
            self._forget(oldest)
        return True

    def _forget(self, name: str) -> None:
        self._bytes -= sum(_size(message.text, message.body) for message in self._rooms.pop(name))

    def _room(self, name: str) -> list[Message]:
        if name not in self._rooms and len(self._rooms) >= self._rooms_max:
            self._forget(next(iter(self._rooms)))
        return self._rooms.setdefault(name, [])


def _frame(room: str, after: int, messages: list[Message]) -> Frame | None:
    """`chat.events.in_frames` would ask the database for what features add."""
    events = [change_event(message) for message in messages]
    return Frame(room, after + 1, after + len(events), protocol.encode(events)) if events else None


def _under(said: list[Message], client_id: UUID) -> Message | None:
    return next((message for message in said if message.client_id == client_id), None)


def _size(*texts: str) -> int:
    return sum(len(text.encode()) for text in texts)
