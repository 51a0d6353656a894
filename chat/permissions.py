"""Who may do what. Read first, ask after: then nothing is shown that was said after a removal.

`Room.access` rises with everything that takes a right away. Whoever was let in under a number may see what was read
under that number or a lower one. So a public room costs nothing: a comparison, and no query.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from django.db.models import FilteredRelation, Q

from chat.identity import Identity
from chat.models import ADMINISTRATOR, DIRECT, OPEN, OWNER, PUBLIC, Member, Message, Room
from chat.names import direct_people
from chat.protocol import Refused, no_such_room

KNOWN_MAX = 10_000  # members whose right to write is remembered; then they are asked for again


@dataclass(frozen=True, slots=True)
class Rights:
    """Who may read a room, as it stood under the number `access`."""

    access: int = 0
    kind: str = PUBLIC
    members: frozenset[int] = frozenset()  # of those who were asked for

    def why_not(self, you: Identity) -> Refused | None:
        """None if they may. A stranger to a closed or direct room must not learn that it is there."""
        if self.kind == PUBLIC:
            return None
        if self.kind == OPEN:
            return None if you.ticket else Refused("forbidden", "Sign in to enter this room.", reason="not_signed_in")
        return None if you.ticket and you.ticket.user in self.members else no_such_room()


def rights(room: str, people: Iterable[Identity]) -> Rights:
    """The number and the members in one statement: read one after the other they would not belong together."""
    persons = {you.ticket.user for you in people if you.ticket} or {0}
    here = FilteredRelation("members", condition=Q(members__person__in=persons))
    rows = list(Room.objects.annotate(here=here).filter(name=room).values_list("access", "kind", "here__person"))
    if rows:
        return Rights(rows[0][0], rows[0][1], frozenset(person for *_, person in rows if person))
    return Rights(kind=kind_of_new(room), members=frozenset(direct_people(room)))


def kind_of_new(room: str) -> str:
    """Of one that is not there yet: the first message makes it."""
    return DIRECT if direct_people(room) else PUBLIC


_known: dict[tuple[int, int], int] = {}  # room and member: under which number


def is_member(room: Room, person: int) -> bool:
    """Of a room whose row is locked. A yes is remembered for as long as nobody loses a right there, a no is not."""
    if _known.get((room.pk, person)) != room.access:
        if not Member.objects.filter(room=room.pk, person=person).exists():
            return False
        know_member(room, person)
    return True


def know_member(room: Room, person: int) -> None:
    if len(_known) >= KNOWN_MAX:
        _known.clear()
    _known[room.pk, person] = room.access


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
moderated: list[Note] = []  # called where somebody's message was taken away by another


def why_not_enter(you: Identity) -> Refused | None:
    """None if they may be anywhere at all."""
    return next((refused for gate in gates if (refused := gate(you))), None)


def why_not_change(asked: Asked, room: Room, changed: Iterable[Message]) -> Refused | None:
    you = asked.author
    if room.kind != PUBLIC:  # an open room does not ask who is a member
        is_in = room.kind == OPEN or (you.ticket is not None and is_member(room, you.ticket.user))
        members = frozenset({you.ticket.user}) if you.ticket and is_in else frozenset[int]()
        if refused := Rights(room.access, room.kind, members).why_not(you):
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
