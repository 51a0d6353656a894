"""A message with `reply_to`, the id of the message of this room that it answers."""

from dataclasses import dataclass
from typing import Any, Self

from chat import parts
from chat.identity import Identity
from chat.models import Room
from chat.observed import metrics
from chat.posting import Batch, Verdict
from chat.protocol import NO_SUCH_MESSAGE, Refused, bad_frame
from chat.verbs import Say

metrics.STORED.labels("reply")  # the series exists from the start


@dataclass(slots=True)
class Reply(Say):
    reply_to: int = 0

    @classmethod
    def parse(cls, room: str, author: Identity, frame: dict[str, Any]) -> Self:
        said, id = Say.parse(room, author, frame), frame["reply_to"]
        if type(id) is not int or not 0 < id < 10**18:
            raise bad_frame("reply_to: the number of a message is needed.")
        return cls(room, author, said.text, said.client_id, reply_to=id)

    @property
    def touches(self) -> int | None:
        return self.reply_to

    def carry_out(self, batch: Batch, room: Room) -> Verdict:
        if not batch.find(room, self.reply_to):
            return Refused("forbidden", "There is no message that this could answer.", reason=NO_SUCH_MESSAGE)
        self.parts = parts.encoded({"reply_to": self.reply_to})
        return Say.carry_out(self, batch, room)
