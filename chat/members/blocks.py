"""Blocking: whom one has blocked cannot write in the direct room of the two. Rooms of more people are not affected."""

from collections.abc import Iterable
from functools import lru_cache

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import User
from chat.direct import make_rooms
from chat.identity import Identity
from chat.members.acts import account_of
from chat.members.models import Block
from chat.models import DIRECT, Message, Room
from chat.names import direct_name, direct_people
from chat.permissions import Asked
from chat.protocol import Refused


def block(*, by: Identity, person: int, on: bool) -> tuple[str, int]:
    """Returns the direct room of the two, which is made where there is none, and its new number of access."""
    you = account_of(by)
    if person == you or not User.objects.filter(pk=person).exists():
        raise Refused("forbidden", "There is no such person.", reason="no_such_person")
    name = direct_name([you, person])
    with transaction.atomic():
        make_rooms([name], timezone.now())  # where it is not there yet
        Room.objects.filter(name=name).update(access=F("access") + 1)  # locks it: its messages come before or after
        if on:
            Block.objects.get_or_create(person_id=you, blocked_id=person)
        else:
            Block.objects.filter(person=you, blocked=person).delete()
        return name, Room.objects.values_list("access", flat=True).get(name=name)


def blocked_by(you: Identity, among: Iterable[int]) -> set[int]:
    """Which of these accounts."""
    if you.ticket is None:
        return set()
    found = Block.objects.filter(person=you.ticket.user, blocked__in=among)
    return set(found.values_list("blocked", flat=True))


def blocked(asked: Asked, room: Room, changed: Iterable[Message]) -> Refused | None:
    """A rule: see chat.permissions. What is theirs already they may still change."""
    people = direct_people(room.name) if room.kind == DIRECT and asked.is_said else ()
    you = asked.author.ticket
    if len(people) != 2 or you is None or you.user not in _blocked(room.pk, room.access, people):
        return None
    return Refused("forbidden", "This person does not take messages from you.", reason="blocked")


@lru_cache(maxsize=1024)
def _blocked(room: int, access: int, people: tuple[int, ...]) -> frozenset[int]:
    """Asked for once after each change of the number: a block raises it in its own transaction."""
    found = Block.objects.filter(person__in=people, blocked__in=people)
    return frozenset(found.values_list("blocked", flat=True))
