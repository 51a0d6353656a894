"""Reading a room's log: what happened after a number. The only way that anything ever catches up."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from django.db.models import F

from accounts.many import among
from chat import posting
from chat.database import committing, reading
from chat.events import Frame, change_event, in_frames
from chat.identity import Identity
from chat.models import PUBLIC, Message, Room
from chat.posting import Change, Verdict
from chat.protocol import REPLAY_MAX
from chat.rights import Rights, kind_of_new, rights

PART_MAX = 100  # messages read at once
PART_TARGET = 32 * 1024  # characters; a client that does not read its replay makes the process keep a part or two


@dataclass(frozen=True, slots=True)
class Head:
    """Where a room stands. One in which nothing was said yet stands at 0."""

    seq: int = 0
    kind: str = PUBLIC
    access: int = 0


@dataclass(frozen=True, slots=True)
class Part:
    """A frame of what happened after a number, as much as one may hold, and whether there is more."""

    frame: Frame | None = None
    more: bool = False


@dataclass(frozen=True, slots=True)
class Log:
    """A log as a hub uses it, off the event loop: each function raises `django.db.Error` when it cannot answer."""

    heads: Callable[[list[str]], Awaitable[dict[str, Head]]]
    standing: Callable[[str, int], Awaitable[tuple[Head, bool]]]
    part_after: Callable[[str, int], Awaitable[Part]]
    rights: Callable[[str, Sequence[Identity]], Awaitable[Rights]]
    commit: Callable[[Sequence[Change]], Awaitable[tuple[list[Verdict], list[Frame]]]]


def heads(rooms: list[str]) -> dict[str, Head]:
    found = Room.objects.filter(name__in=among(rooms)).values_list("name", "seq", "kind", "access")
    there = {name: Head(seq, kind, access) for name, seq, kind, access in found}
    return {name: there.get(name) or Head(kind=kind_of_new(name)) for name in rooms}


def standing(room: str, after: int) -> tuple[Head, bool]:
    """Where the room stands, and whether the rest can be sent to a client that has seen `after`.

    Not if that is more than `REPLAY_MAX` events, nor if the room has never reached `after`.
    """
    head = heads([room])[room]
    if after > head.seq:
        return head, False
    if head.seq - after <= REPLAY_MAX:
        return head, True
    return head, not Message.objects.filter(room__name=room).changes_after(after)[REPLAY_MAX : REPLAY_MAX + 1].exists()


def part_after(room: str, after: int) -> Part:
    """The latest state of the messages changed after `after`, in order of the changes, a part at a time.

    The number of access comes by the same statement: what was said after a removal is never under an older one.
    """
    found = Message.objects.filter(room__name=room).changes_after(after).annotate(access=F("room__access"))
    changes = list(found[: PART_MAX + 1])
    events, size = [], 0
    for message in changes[:PART_MAX]:
        events.append(change_event(message))
        size += len(events[-1].get("html", "")) + len(message.text)
        if size > PART_TARGET:
            break
    at = Room(pk=changes[0].room_id, name=room, access=changes[0].access) if changes else None  # type: ignore[attr-defined]
    frame = next(in_frames(at, after, events), None) if at else None
    return Part(frame, more=frame is not None and frame.last < changes[-1].changed_seq)


DATABASE_LOG = Log(
    heads=reading(heads),
    standing=reading(standing),
    part_after=reading(part_after),
    rights=reading(rights),
    commit=committing(posting.commit),
)
