"""What features add to a message: a part of its state, and what is read for it only when the message is sent.

`Message.parts` holds a few references as a JSON object, such as `{"reply_to": 7}`, never another person's text: that
may change or go. A feature completes an event or a page with it, and says so in chat.features.
"""

import json
from collections.abc import Callable
from typing import Any

from chat.models import Message
from chat.protocol import Event

# Each is given the primary key of a room.
Complete = Callable[[int, list[Event]], None]  # changes the events of the room in place
Fill = Callable[[int, str], str]  # puts into the HTML of a page what its articles leave out
completing: list[Complete] = []  # both are filled in chat.features
filling: list[Fill] = []


def of(message: Message) -> dict[str, Any]:
    return json.loads(message.parts) if message.parts else {}


def keep(message: Message, parts: dict[str, Any]) -> None:
    message.parts = encoded(parts)


def encoded(parts: dict[str, Any]) -> str:
    """Without those that are empty."""
    parts = {name: part for name, part in parts.items() if part}
    return json.dumps(parts, ensure_ascii=False) if parts else ""


def completed(room: int, events: list[Event]) -> list[Event]:
    for complete in completing:
        complete(room, events)
    return events


def filled(room: int, html: str) -> str:
    for fill in filling:
        html = fill(room, html)
    return html
