"""What is sent for changes in a room: events, with the one markup of a message in them, encoded once for all."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import groupby

from django.template import Context, Template
from django.template.loader import get_template

from chat import protocol
from chat.identity import Identity
from chat.models import Message
from chat.protocol import Event
from chat.server import SERVER
from chat.wire import text_frame

FRAME_TARGET = 256 * 1024  # characters; beyond it a replay or a batch goes on in another frame


def hello_event(room: str, seq: int, you: Identity) -> Event:
    """The first event of a connection: where it is, what is newest there, who one is, and which process answers."""
    return {"type": "hello", "room": room, "seq": seq, "you": you.public(), "server": SERVER}


@cache
def _markup() -> Template:
    """Of a message. Django's own template, because its wrapper costs as much as the rendering."""
    return get_template("chat/_message.html").template  # type: ignore[attr-defined,no-any-return]


def change_event(message: Message) -> Event:
    """The event for a message's last change."""
    if message.deleted_at:
        return {"type": "deleted", "seq": message.changed_seq, "id": message.seq}
    return {
        "type": "message",
        "seq": message.changed_seq,
        "id": message.seq,
        "author": {"id": message.author_id, "name": message.author_name},
        "text": message.text,
        "sent_at": message.sent_at.isoformat(),
        "edited_at": message.edited_at.isoformat() if message.edited_at else None,
        "client_id": str(message.client_id),
        "html": _markup().render(Context({"message": message}, use_l10n=False)),  # its numbers are none to be read
    }


@dataclass(frozen=True)
class Frame:
    """The changes `first` to `last` of a room, encoded. What an edit or a deletion replaced may be left out."""

    room: str
    first: int
    last: int
    text: str

    @cached_property
    def wire(self) -> bytes:
        """The same as the bytes of a WebSocket frame."""
        return text_frame(self.text)

    @cached_property
    def events(self) -> list[Event]:
        events = json.loads(self.text)
        return events if isinstance(events, list) else [events]

    @cached_property
    def tutorial(self) -> list[str]:
        """The same for a client that speaks the Channels tutorial: new messages alone, one to a frame."""
        new: dict[
            int, Event
        ] = {}  # by id: an edit in the same frame is not said again, one that replaced the saying is
        for event in self.events:
            if event["type"] == "message" and event["id"] >= self.first:
                new.setdefault(event["id"], {"message": event["text"], "author": event["author"]["name"]})
        return [protocol.encode([said]) for said in new.values()]

    def after(self, seq: int) -> "Frame | None":
        """What of it comes after `seq`."""
        if seq < self.first:
            return self
        if seq >= self.last:
            return None
        events = [event for event in self.events if event["seq"] > seq]
        return Frame(self.room, seq + 1, self.last, protocol.encode(events))


def in_frames(room: str, after: int, events: list[Event]) -> Iterator[Frame]:
    """Events in order of `seq`, the first change being `after + 1`, as few frames of a bearable size."""
    part: list[Event] = []
    size = 0
    for event in events:
        part.append(event)
        size += 300 + len(event.get("text", "")) + len(event.get("html", ""))
        if size > FRAME_TARGET or event is events[-1]:
            yield Frame(room, after + 1, event["seq"], protocol.encode(part))
            after, part, size = event["seq"], [], 0


def batch_in_frames(changes: Iterable[tuple[str, Event]]) -> list[Frame]:
    """A batch of (room, event) as one frame for each room, or a few."""
    ordered = sorted(changes, key=lambda change: (change[0], change[1]["seq"]))
    frames: list[Frame] = []
    for room, group in groupby(ordered, key=lambda change: change[0]):
        events = [event for _, event in group]
        frames += in_frames(room, events[0]["seq"] - 1, events)
    return frames


def joined(frames: list[Frame]) -> Iterator[Frame]:
    """Frames that follow on each other as one, or a few of a bearable size."""
    part: list[Frame] = []
    size = 0
    for frame in frames:
        part.append(frame)
        size += len(frame.text)
        if size > FRAME_TARGET or frame is frames[-1]:
            yield part[0] if len(part) == 1 else _one(part)
            part, size = [], 0


def _one(frames: list[Frame]) -> Frame:
    events = ",".join(frame.text.removeprefix("[").removesuffix("]") for frame in frames)
    return Frame(frames[0].room, frames[0].first, frames[-1].last, f"[{events}]")
