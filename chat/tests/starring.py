"""A verb that changes a part of a message, as those of features do: the core's tests need one without any feature."""

from dataclasses import dataclass, field

from chat import parts
from chat.identity import Identity
from chat.models import Room
from chat.posting import Accepted, Batch, Change, Verdict
from chat.protocol import NO_SUCH_MESSAGE, Refused


@dataclass(slots=True)
class Star(Change):
    room: str
    author: Identity
    touches: int = field()  # the message's id; the property of Change is no default
    on: bool

    def carry_out(self, batch: Batch, room: Room) -> Verdict:
        message = batch.find(room, self.touches)
        if not message or message.deleted_at:
            return Refused("forbidden", "There is no such message.", reason=NO_SUCH_MESSAGE)
        stars = parts.of(message).get("stars", [])
        if (self.author.id in stars) == self.on:
            return Accepted(message.changed_seq, message, repeat=True)
        stars = [*stars, self.author.id] if self.on else [id for id in stars if id != self.author.id]
        parts.keep(message, {"stars": stars})
        return batch.change(room, message)
