"""Reading a room's log: what happened after a number. The only way that anything ever catches up."""

from dataclasses import dataclass, field

from chat.events import Frame, change_event, in_frames
from chat.models import Message, Room
from chat.protocol import REPLAY_MAX


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A room at one moment: its newest number, and what led there. `more`: that is not all, or not to be had."""

    seq: int
    frames: list[Frame] = field(default_factory=list)
    more: bool = False


def head(room: str) -> int:
    """The room's newest `seq`; 0 for a room in which nothing was said."""
    return Room.objects.filter(name=room).values_list("seq", flat=True).first() or 0


def heads(rooms: list[str]) -> dict[str, int]:
    return dict(Room.objects.filter(name__in=rooms).values_list("name", "seq"))


def changes_after(room: str, after: int, *, part: bool = False) -> Snapshot:
    """The latest state of every message changed after `after`; the last event has the room's newest `seq`.

    More than `REPLAY_MAX` events are not read at all, or with `part` only the first so many. Nor is there anything
    after a number that the room has never reached.
    """
    seq = head(room)
    if after >= seq:
        return Snapshot(seq, more=after > seq)
    changes = list(Message.objects.filter(room__name=room).changes_after(after)[: REPLAY_MAX + 1])
    more = len(changes) > REPLAY_MAX
    if more and not part:
        return Snapshot(seq, more=True)
    events = [change_event(message) for message in changes[:REPLAY_MAX]]
    return Snapshot(max(seq, events[-1]["seq"]), list(in_frames(room, after, events)), more)
