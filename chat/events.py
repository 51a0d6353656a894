"""What is sent for changes in a room: events, encoded once for everyone, in frames of a bearable size."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from chat import markup, parts, protocol
from chat.identity import Identity
from chat.models import Message, Room
from chat.observed.server import SERVER
from chat.protocol import Event
from chat.wire import text_frame

FRAME_TARGET = 256 * 1024  # characters; beyond it a replay or a batch goes on in another frame


def hello_event(room: str, seq: int, you: Identity) -> Event:
    """The first event of a connection: where it is, what is newest there, who one is, and which process answers."""
    return {"type": "hello", "room": room, "seq": seq, "you": you.public(), "server": SERVER}


def change_event(message: Message) -> Event:
    """The event for a message's last change."""
    if message.deleted_at:
        return {"type": "deleted", "seq": message.changed_seq, "id": message.seq}
    event = {
        "type": "message",
        "seq": message.changed_seq,
        "id": message.seq,
        "author": {"id": message.author_id, "name": message.author_name},
        "text": message.text,
        "sent_at": message.sent_at.isoformat(),
        "edited_at": message.edited_at.isoformat() if message.edited_at else None,
        "client_id": str(message.client_id),
        "html": markup.html_of(message),
    }
    return event | parts.of(message)


def as_sse(event: Event, seq: int | None = None) -> str:
    """An event of a stream of Server-Sent Events; one with a number is where the stream goes on when it is cut off."""
    number = "" if seq is None else f"id: {seq}\n"
    return f"{number}event: {event['type']}\ndata: {protocol.encode([event])}\n\n"


@dataclass(frozen=True)
class Frame:
    """The changes `first` to `last` of a room, encoded. What a later change replaced may be left out.

    `access` is the room's number of that name when they were committed or read. It is no part of what is sent.
    """

    room: str
    first: int
    last: int
    text: str
    access: int = 0

    @cached_property
    def wire(self) -> bytes:
        """The same as the bytes of a WebSocket frame."""
        return text_frame(self.text)

    @cached_property
    def events(self) -> list[Event]:
        return decoded(self.text)

    @cached_property
    def sse(self) -> bytes:
        """The same as a stream of Server-Sent Events has it."""
        return "".join(as_sse(event, event["seq"]) for event in self.events).encode()

    @cached_property
    def tutorial(self) -> list[str]:
        """The same for a client that speaks the Channels tutorial: new messages alone, one to a frame."""
        new = [event for event in self.events if event["type"] == "message" and event["id"] >= self.first]
        new.sort(key=lambda event: event["id"])  # one that was edited in the meantime comes later in the log
        return [protocol.encode([{"message": event["text"], "author": event["author"]["name"]}]) for event in new]

    def after(self, seq: int) -> "Frame | None":
        """What of it comes after `seq`."""
        if seq < self.first:
            return self
        if seq >= self.last:
            return None
        events = [event for event in self.events if event["seq"] > seq]
        return Frame(self.room, seq + 1, self.last, protocol.encode(events), self.access)


@dataclass(frozen=True)
class Whisper:
    """A hint: an event without a number, or several. It may be lost, and is never stored or replayed."""

    room: str
    text: str
    is_news: bool = False  # a poll that waits for the like is answered
    first = last = 0  # like a frame's: it comes after nothing

    @cached_property
    def wire(self) -> bytes:
        return text_frame(self.text)

    @cached_property
    def sse(self) -> bytes:
        return "".join(map(as_sse, decoded(self.text))).encode()

    tutorial: tuple[str, ...] = ()  # such a client gets none

    def after(self, seq: int) -> "Whisper":
        return self


def decoded(text: str) -> list[Event]:
    events = json.loads(text)
    return events if isinstance(events, list) else [events]


def in_frames(room: Room, after: int, events: list[Event]) -> Iterator[Frame]:
    """Events in order of `seq`, the first change being `after + 1`, as few frames of a bearable size."""
    part: list[Event] = []
    size = 0
    for event in parts.completed(room.pk, events):
        part.append(event)
        size += 300 + len(event.get("text", "")) + len(event.get("html", ""))
        if size > FRAME_TARGET or event is events[-1]:
            yield Frame(room.name, after + 1, event["seq"], protocol.encode(part), room.access)
            after, part, size = event["seq"], [], 0


def merged(frames: list[Frame]) -> Iterator[Frame]:
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
    access = max(frame.access for frame in frames)
    return Frame(frames[0].room, frames[0].first, frames[-1].last, f"[{events}]", access)
