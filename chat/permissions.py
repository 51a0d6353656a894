"""Who may do what. Read first, ask after: then nothing is shown that was said after a removal.

A public room costs nothing: a comparison, and no query.
"""

from collections.abc import Callable, Iterable
from typing import Protocol
from uuid import UUID

from chat.identity import Identity
from chat.models import ADMINISTRATOR, DIRECT, OWNER, Member, Message, Room
from chat.protocol import Refused
from chat.rights import why_not_write


class Asked(Protocol):
    """A verb that changes the log, as a rule sees it."""

    author: Identity

    @property
    def is_said(self) -> bool: ...

    @property
    def client_id(self) -> UUID | None: ...


# What features refuse; filled in chat.features. A gate knows without asking the database. A rule is asked with the
# room's row locked, where `access` or slow mode says that there may be one, and sees what its batch has changed so far.
Gate = Callable[[Identity], Refused | None]
Rule = Callable[[Asked, Room, Iterable[Message]], Refused | None]
Note = Callable[[Asked, Message], None]
gates: list[Gate] = []
rules: list[Rule] = []
spoken: list[Callable[[Room, dict[int, int]], None]] = []  # accounts that said something in a room, and the last seq
kept: list[Callable[[Room, Message], None]] = []  # what features keep with each change of a message
moderated: list[Note] = []  # called where somebody's message was taken away by another


def keep_parts(room: Room, message: Message) -> None:
    for keep in kept:
        keep(room, message)


def why_not_enter(you: Identity) -> Refused | None:
    """None if they may be anywhere at all."""
    return next((refused for gate in gates if (refused := gate(you))), None)


def why_not_change(asked: Asked, room: Room, changed: Iterable[Message]) -> Refused | None:
    if refused := why_not_write(asked.author, room):
        return refused
    if not (room.access or room.slow_seconds or room.kind == DIRECT):
        return None
    return next((refused for rule in rules if (refused := rule(asked, room, changed))), None)


def may_change(you: Identity, message: Message) -> bool:
    return message.author_id == you.id


def may_moderate(you: Identity, room: Room) -> bool:
    if you.is_staff or you.ticket is None:
        return you.is_staff
    return Member.objects.filter(room=room.pk, person=you.ticket.user, role__in=(OWNER, ADMINISTRATOR)).exists()
