"""Invitations to a room: a link with a number of uses and an end, by those who may add members.

Plain synchronous functions, keyword-only, like chat.members.acts. A link ends with the rights of its maker, and when
somebody is removed by another: who was sent away cannot come back by it.
"""

from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.codes import digest, new_code
from chat.identity import Identity
from chat.members.acts import account_of, locked, not_yours
from chat.members.models import RoomInvitation
from chat.models import ADMINISTRATOR, DIRECT, OWNER, Member, Room
from chat.protocol import Refused

USES_MAX = 100
DAYS_MAX = 7


def invite(*, by: Identity, room: str, uses: int = 1, days: int = DAYS_MAX) -> str:
    """The code of a new link. It is shown now and never again."""
    if not (1 <= uses <= USES_MAX and 1 <= days <= DAYS_MAX):
        raise Refused("bad_frame", f"uses: 1 to {USES_MAX}; days: 1 to {DAYS_MAX}.")
    with locked(by, room) as standing:
        if not standing.may_manage or standing.room.kind == DIRECT:
            raise not_yours()
        code, end = new_code(), timezone.now() + timedelta(days=days)
        RoomInvitation.objects.create(
            room=standing.room, made_by_id=standing.person, digest=digest(code), uses_left=uses, expires_at=end
        )
        return code


def take_back(*, by: Identity, room: str, id: int) -> None:
    with locked(by, room) as standing:
        if not standing.may_manage:
            raise not_yours()
        RoomInvitation.objects.filter(room=standing.room, pk=id).delete()


def find(code: str) -> RoomInvitation | None:
    """One that can still be used."""
    found = RoomInvitation.objects.usable().select_related("room", "made_by").filter(digest=digest(code)).first()
    return found if found and _may_still_invite(found) else None


def come_in(*, by: Identity, code: str) -> str | None:
    """Become a member; one who is that already uses nothing up. Returns the room, or None if the link is over.

    Of two who take the last use at the same time, one gets it.
    """
    person = account_of(by)
    with transaction.atomic():
        rooms = RoomInvitation.objects.filter(digest=digest(code)).values("room")
        room = Room.objects.select_for_update().filter(pk__in=rooms).first()
        found = find(code) if room else None  # with the room locked: a removal comes before it or after it
        if room is None or found is None:
            return None
        if Member.objects.filter(room=room, person=person).exists():
            return room.name
        if not RoomInvitation.objects.usable().filter(pk=found.pk).update(uses_left=F("uses_left") - 1):
            return None
        Member.objects.create(room=room, person_id=person, read_seq=room.seq)
        return room.name


def _may_still_invite(invitation: RoomInvitation) -> bool:
    by = invitation.made_by
    may_manage = Member.objects.filter(room=invitation.room_id, person=by, role__in=(OWNER, ADMINISTRATOR))
    return by.is_active and (by.is_staff or may_manage.exists())
