"""`{"type": "react", "id", "emoji", "on"}`: put an emoji on a message, or take one's own back."""

from dataclasses import dataclass, field
from typing import Any, Self

from chat import parts
from chat.identity import Identity
from chat.models import Message, Room
from chat.observed import metrics
from chat.posting import Accepted, Batch, Change, Verdict
from chat.protocol import NO_SUCH_MESSAGE, Refused, bad_frame
from chat.reactions.emoji import is_emoji

metrics.STORED.labels("react")  # the series exists from the start
DIFFERENT_MAX = 20  # emoji on one message
PRESSES_MAX = 300  # of all people on one message


@dataclass(slots=True)
class React(Change):
    room: str
    author: Identity
    touches: int = field()  # the message's id; the property of Change is no default
    emoji: str
    on: bool

    @classmethod
    def parse(cls, room: str, author: Identity, frame: dict[str, Any]) -> Self:
        id, emoji, on = frame.get("id"), frame.get("emoji"), frame.get("on")
        if type(id) is not int or not 0 < id < 10**18:
            raise bad_frame("id: the number of a message is needed.")
        if not isinstance(emoji, str) or not is_emoji(emoji):
            raise bad_frame("emoji: one emoji is needed.")
        if not isinstance(on, bool):
            raise bad_frame("on: true or false is needed.")
        return cls(room, author, id, emoji, on)

    def carry_out(self, batch: Batch, room: Room) -> Verdict:
        message = batch.find(room, self.touches)
        if not message or message.deleted_at:
            return Refused("forbidden", "There is no such message.", reason=NO_SUCH_MESSAGE)
        reactions = reactions_of(message)
        by = reactions.get(self.emoji, [])
        if (self.author.id in by) == self.on:
            return Accepted(message.changed_seq, message, repeat=True)
        if self.on:
            presses = sum(map(len, reactions.values()))
            if presses >= PRESSES_MAX or (not by and len(reactions) >= DIFFERENT_MAX):
                return Refused("forbidden", "There are too many reactions on this message.", reason="too_many")
            reactions[self.emoji] = [*by, self.author.id]
        else:
            reactions[self.emoji] = [id for id in by if id != self.author.id]
        _keep(message, reactions)
        return batch.change(room, message)


def reactions_of(message: Message) -> dict[str, list[str]]:
    """The ids of those who pressed an emoji, in the order in which they did."""
    return {each["emoji"]: each["by"] for each in parts.of(message).get("reactions", ())}


def _keep(message: Message, reactions: dict[str, list[str]]) -> None:
    """As the message's event carries them."""
    shown = [{"emoji": emoji, "count": len(by), "by": by} for emoji, by in reactions.items() if by]
    parts.keep(message, parts.of(message) | {"reactions": shown})
