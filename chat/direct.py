"""Direct rooms: which one the address `@name` or `~3.17` leads to, for whoever asks."""

from accounts.models import User, account_named
from chat.database import reading
from chat.identity import Identity
from chat.names import direct_name, direct_people
from chat.protocol import no_such_room


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


def is_direct(room: str) -> bool:
    return room[:1] in ("@", "~")


_own_name = reading(own_name)


async def resolved(room: str, you: Identity) -> str:
    """The same from the event loop; any other room's name takes no trip to a thread. Raises Refused."""
    return await _own_name(room, you) if is_direct(room) else room
