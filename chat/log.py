"""Reading a room's log: what happened after a number. The only way that anything ever catches up."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from chat import posting
from chat.database import reading, writing
from chat.events import Frame, change_event, in_frames
from chat.identity import Identity
from chat.models import PUBLIC, Message, Room
from chat.permissions import why_not_read
from chat.posting import Change, Verdict
from chat.protocol import REPLAY_MAX, Refused

PART_MAX = 100  # messages read at once
PART_TARGET = 32 * 1024  # characters; a client that does not read its replay makes the process keep a part or two


@dataclass(frozen=True, slots=True)
class Head:
    """Where a room stands. One in which nothing was said yet is public, at 0."""

    seq: int = 0
    is_public: bool = True


@dataclass(frozen=True, slots=True)
class Part:
    """A frame of what happened after a number, as much as one may hold, and whether there is more."""

    frame: Frame | None = None
    more: bool = False


@dataclass(frozen=True, slots=True)
class Log:
    """A log as a hub uses it, off the event loop: each function raises `django.db.Error` when it cannot answer."""

    heads: Callable[[list[str]], Awaitable[dict[str, Head]]]
    standing: Callable[[str, int], Awaitable[tuple[int, bool]]]
    part_after: Callable[[str, int], Awaitable[Part]]
    why_not_read: Callable[[Identity, str], Awaitable[Refused | None]]
    commit: Callable[[Sequence[Change]], Awaitable[tuple[list[Verdict], list[Frame]]]]


def heads(rooms: list[str]) -> dict[str, Head]:
    found = Room.objects.filter(name__in=rooms).values_list("name", "seq", "kind")
    return {name: Head(seq, kind == PUBLIC) for name, seq, kind in found}


def standing(room: str, after: int) -> tuple[int, bool]:
    """The room's newest `seq`, and whether the rest can be sent to a client that has seen `after`.

    Not if that is more than `REPLAY_MAX` events, nor if the room has never reached `after`.
    """
    seq = heads([room]).get(room, Head()).seq
    if after > seq:
        return seq, False
    if seq - after <= REPLAY_MAX:
        return seq, True
    return seq, not Message.objects.filter(room__name=room).changes_after(after)[REPLAY_MAX : REPLAY_MAX + 1].exists()


def part_after(room: str, after: int) -> Part:
    """The latest state of the messages changed after `after`, in order of the changes, a part at a time."""
    changes = list(Message.objects.filter(room__name=room).changes_after(after)[: PART_MAX + 1])
    events, size = [], 0
    for message in changes[:PART_MAX]:
        events.append(change_event(message))
        size += len(events[-1].get("html", "")) + len(message.text)
        if size > PART_TARGET:
            break
    frame = next(in_frames(Room(pk=changes[0].room_id, name=room), after, events), None) if changes else None
    return Part(frame, more=frame is not None and frame.last < changes[-1].changed_seq)


def why_not(you: Identity, room: str) -> Refused | None:
    return why_not_read(you, Room.objects.filter(name=room).first())


DATABASE_LOG = Log(
    heads=reading(heads),
    standing=reading(standing),
    part_after=reading(part_after),
    why_not_read=reading(why_not),
    commit=writing(posting.commit),
)
