"""What the commands do. One that only writes something else returns the text to say."""

import re
from dataclasses import dataclass
from typing import ClassVar

from chat import limits
from chat.database import writing
from chat.hub import Hub
from chat.identity import Identity
from chat.models import TOPIC_MAX, Room
from chat.permissions import may_moderate
from chat.protocol import Refused

SHRUG = r"¯\\\_(ツ)\_/¯"  # with the backslashes that Markdown takes away
_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")


def me(room: str, you: Identity, doing: str) -> str:
    """What one does, told in italics."""
    name = _PUNCTUATION.sub(r"\\\1", you.name)
    return f"*{name} {doing.strip()}*" if doing.strip() else f"*{name}*"


def shrug(room: str, you: Identity, words: str) -> str:
    return f"{words} {SHRUG}".strip()


@dataclass(slots=True)
class Help:
    """Answers with the commands there are. Pages show more by themselves."""

    room: str
    author: Identity
    asked: str = ""

    bucket: ClassVar[str] = limits.MESSAGES

    async def act(self, hub: Hub) -> None:
        detail = "Commands: /help, /name <name>, /me <does something>, /topic <topic>, /shrug. // begins with a slash."
        raise Refused("bad_frame", detail, reason="help")


@dataclass(slots=True)
class Topic:
    """What the room is about: for its owner and administrators, and for staff. Without a topic it is taken away."""

    room: str
    author: Identity
    topic: str

    bucket: ClassVar[str] = limits.MESSAGES

    async def act(self, hub: Hub) -> None:
        topic = " ".join(self.topic.split())
        if len(topic) > TOPIC_MAX:
            raise Refused("too_long", f"A topic has at most {TOPIC_MAX} characters.")
        await _set_topic(self.room, self.author, topic)
        hub.whisper(self.room, {"type": "topic", "topic": topic})
        hub.people.room_changed(self.room)


@writing
def _set_topic(name: str, you: Identity, topic: str) -> None:
    room = Room.objects.filter(name=name).first()
    if not room or not may_moderate(you, room):
        raise Refused("forbidden", "Only those who look after this room may change its topic.", reason="not_owner")
    Room.objects.filter(pk=room.pk).update(topic=topic)
