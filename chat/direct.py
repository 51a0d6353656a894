"""Direct rooms: which one the address `@name` or `~3.17` leads to, for whoever asks."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from accounts.models import User, account_named
from chat.database import reading
from chat.identity import Identity
from chat.models import DIRECT, Member, Room
from chat.names import direct_name, direct_people
from chat.protocol import no_such_room
from chat.rights import kind_of_new


class Direct(NamedTuple):
    """As one of its people sees it: `others` by number and name."""

    name: str
    others: tuple[tuple[int, str], ...]

    @property
    def title(self) -> str:
        return ", ".join(name for _, name in self.others)


def own_name(room: str, you: Identity) -> str:
    """The room's own name, under which its log, its feed and what pages keep of it are known.

    Raises:
        Refused: as for a room that is not there. Who asks is no account or none of its people, or somebody in it is
            no account.
    """
    if not is_direct(room):
        return room
    if you.ticket is None:
        raise no_such_room()
    if room.startswith("@"):
        person = account_named(room[1:])
        if person is None or not person.is_active or person.pk == you.ticket.user:
            raise no_such_room()
        return direct_name([you.ticket.user, person.pk])
    people = direct_people(room)
    if you.ticket.user not in people or User.objects.filter(pk__in=people).count() < len(people):
        raise no_such_room()
    return room


def title(room: str, you: Identity) -> str:
    """What a page calls it: a direct room by the names of the others."""
    mine = direct_of(room, you)
    return mine.title if mine else room


def direct_of(room: str, you: Identity) -> Direct | None:
    """None for any other room, and where one is none of its people."""
    people = direct_people(room)
    if you.ticket is None or you.ticket.user not in people:
        return None
    others = User.objects.filter(pk__in=people).exclude(pk=you.ticket.user)
    return Direct(room, tuple(others.order_by("pk").values_list("pk", "username")))


def rooms_of(you: Identity, most: int) -> list[Direct]:
    """One's direct rooms in which something was said, by activity."""
    if you.ticket is None:
        return []
    mine = Room.objects.filter(kind=DIRECT, seq__gt=0, members__person=you.ticket.user).order_by("-active_at")
    people = {name: direct_people(name) for name in mine.values_list("name", flat=True)[:most]}
    names = dict(User.objects.filter(pk__in=set().union(*people.values())).values_list("pk", "username"))
    return [
        Direct(name, tuple((each, names[each]) for each in ids if each != you.ticket.user and each in names))
        for name, ids in people.items()
    ]


def is_direct(room: str) -> bool:
    return room[:1] in ("@", "~")


_own_name = reading(own_name)


async def resolved(room: str, you: Identity) -> str:
    """The same from the event loop; any other room's name takes no trip to a thread. Raises Refused."""
    return await _own_name(room, you) if is_direct(room) else room


def make_rooms(names: Iterable[str], now: datetime) -> None:
    """For the first messages in them, in their transaction. Another may make them at the same time."""
    rooms = [Room(name=name, kind=kind_of_new(name), active_at=now) for name in names]
    Room.objects.bulk_create(rooms, ignore_conflicts=True)
    for name in (room.name for room in rooms if room.kind == DIRECT):
        room = Room.objects.get(name=name)
        members = [Member(room=room, person_id=person, involvement="everything") for person in direct_people(name)]
        Member.objects.bulk_create(members, ignore_conflicts=True)
