"""What is asked of a room's members: an act, which sends away at once whoever lost a right by it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from accounts.models import account_named
from chat import limits
from chat.database import reading, writing
from chat.hub import Hub
from chat.identity import Identity, account_id
from chat.members.acts import clean_topic
from chat.permissions import why_not_enter


@dataclass(slots=True)
class Manage:
    """`function` is one of chat.members.acts, with more of its arguments in `fields`."""

    room: str
    author: Identity
    function: Callable[..., int | None]
    fields: dict[str, Any]

    bucket: ClassVar[str] = limits.MESSAGES

    async def act(self, hub: Hub) -> None:
        access = await writing(self.function)(by=self.author, room=self.room, **self.fields)
        if access is not None:
            hub.take_away(self.room, access)
        if (topic := self.fields.get("topic")) is not None:
            hub.whisper(self.room, {"type": "topic", "topic": clean_topic(topic)})
        if topic is not None or access is not None:
            hub.people.room_changed(self.room)
        hub.people.whisper_to([await _id_of(self.fields.get("name", self.author.name))], {"type": "rooms"})


def permit(you: Identity) -> None:
    """What `obey` asks before a verb, for what is none. Raises Refused: they are banned, or too fast."""
    if refused := why_not_enter(you):
        raise refused
    limits.take(limits.MESSAGES, you)


@reading
def _id_of(name: str) -> str:
    """Of whose list of rooms this may have changed."""
    person = account_named(name.strip().removeprefix("@"))
    return account_id(person.pk) if person else ""
