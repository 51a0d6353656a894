"""Reading a room's log: what happened after a number. The only way that anything ever catches up."""

from dataclasses import dataclass

from chat.events import FRAME_TARGET, Frame, change_event, in_frames
from chat.models import Message, Room
from chat.protocol import REPLAY_MAX

PART_MAX = 100  # messages read at once


@dataclass(frozen=True, slots=True)
class Part:
    """A frame of what happened after a number, as much as one may hold, and whether there is more."""

    frame: Frame | None = None
    more: bool = False


def head(room: str) -> int:
    """The room's newest `seq`; 0 for a room in which nothing was said."""
    return Room.objects.filter(name=room).values_list("seq", flat=True).first() or 0


def heads(rooms: list[str]) -> dict[str, int]:
    return dict(Room.objects.filter(name__in=rooms).values_list("name", "seq"))


def standing(room: str, after: int) -> tuple[int, bool]:
    """The room's newest `seq`, and whether one who has seen `after` can be told the rest.

    Not if that is more than `REPLAY_MAX` events, nor if the room has never reached `after`.
    """
    seq = head(room)
    if after > seq:
        return seq, False
    if seq - after <= REPLAY_MAX:
        return seq, True
    return seq, not Message.objects.filter(room__name=room).changes_after(after)[REPLAY_MAX : REPLAY_MAX + 1].exists()


def part_after(room: str, after: int) -> Part:
    """The latest state of the messages changed after `after`, in order of the changes, up to one frame's size."""
    changes = list(Message.objects.filter(room__name=room).changes_after(after)[: PART_MAX + 1])
    events, size = [], 0
    for message in changes[:PART_MAX]:
        events.append(change_event(message))
        size += len(events[-1].get("html", "")) + len(message.text)
        if size > FRAME_TARGET:
            break
    frame = next(in_frames(room, after, events), None)
    return Part(frame, more=frame is not None and frame.last < changes[-1].changed_seq)
