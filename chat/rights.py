"""Who may read a room, and write in it.

`Room.access` rises with everything that takes a right away. Whoever was let in under a number may see what was read
under that number or a lower one.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, FilteredRelation, OuterRef, Q

from accounts.many import among
from chat.identity import Identity
from chat.models import DIRECT, OPEN, PUBLIC, Member, Room
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
    here = FilteredRelation("members", condition=Q(members__person__in=among(persons)))
    rows = list(Room.objects.annotate(here=here).filter(name=room).values_list("access", "kind", "here__person"))
    if rows:
        return Rights(rows[0][0], rows[0][1], frozenset(person for *_, person in rows if person))
    return Rights(kind=kind_of_new(room), members=frozenset(direct_people(room)))


def readable_by(you: Identity) -> Q:
    """Of messages: in which rooms one may read. In the statement that reads them, so that both are of one moment."""
    may = Q(room__kind=PUBLIC)
    if you.ticket:
        may |= Q(room__kind=OPEN)
        may |= Q(Exists(Member.objects.filter(room=OuterRef("room"), person=you.ticket.user)))
    return may


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


def why_not_write(you: Identity, room: Room) -> Refused | None:
    """In a room whose row is locked."""
    if room.kind == PUBLIC:
        return None
    asks = room.kind != OPEN and you.ticket is not None
    members = {you.ticket.user} if asks and you.ticket and is_member(room, you.ticket.user) else set[int]()
    return Rights(room.access, room.kind, frozenset(members)).why_not(you)
