"""Who may do what. Read first, ask after: then nothing is shown that was said after a removal.

A public room costs nothing: a comparison, and no query.
"""

from chat.identity import Identity
from chat.models import OPEN, PUBLIC, Member, Message, Room
from chat.protocol import Refused, no_such_room


def why_not_read(you: Identity, room: Room | None) -> Refused | None:
    """None if they may. A stranger to a closed or direct room must not learn that it is there."""
    if room is None or room.kind == PUBLIC:
        return None
    if room.kind == OPEN:
        return None if you.ticket else Refused("forbidden", "Sign in to enter this room.", reason="not_signed_in")
    if you.ticket and Member.objects.filter(room=room.pk, person=you.ticket.user).exists():
        return None
    return no_such_room()


why_not_say = why_not_read


def may_change(you: Identity, message: Message) -> bool:
    return message.author_id == you.id


def may_moderate(you: Identity) -> bool:
    return you.is_staff
