"""What is done with rooms and who belongs to them. Plain synchronous functions, keyword-only.

Each locks the room's row first, and returns the new number of access where somebody lost a right, else None. Each
raises Refused where it cannot be done, and django.db.Error.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import override

from accounts.models import User, account_named
from chat.identity import Identity
from chat.members.models import RoomInvitation
from chat.models import (
    ADMINISTRATOR,
    CLOSED,
    DIRECT,
    MEMBER,
    OPEN,
    OWNER,
    PUBLIC,
    SLOW_MAX,
    TOPIC_MAX,
    Member,
    Room,
)
from chat.names import canonical_room_name
from chat.protocol import Refused, no_such_room

KINDS = [PUBLIC, OPEN, CLOSED]  # towards more closed
ROLES = [MEMBER, ADMINISTRATOR, OWNER]  # with more rights

# Called in the transaction that changes slow mode, with who did it, where, and the seconds; filled in chat.features.
slowed: list[Callable[[Identity, str, int], None]] = []


@dataclass(frozen=True, slots=True)
class Standing:
    """A room whose row is locked, and who one is in it."""

    room: Room
    person: int
    role: str | None  # None: no member
    is_staff: bool

    @property
    def may_manage(self) -> bool:
        return self.is_staff or self.role in (ADMINISTRATOR, OWNER)


def account_of(you: Identity) -> int:
    """The primary key of their account. Raises Refused: they are a guest."""
    if you.ticket is None:
        raise Refused("forbidden", "Sign in first.", reason="not_signed_in")
    return you.ticket.user


@contextmanager
def locked(by: Identity, name: str) -> Iterator[Standing]:
    """One transaction. Raises Refused: no account, no such room, or one that they may not know of."""
    person = account_of(by)
    with transaction.atomic():
        room = Room.objects.select_for_update().filter(name=name).first()
        if room is None:
            raise no_such_room()
        role = Member.objects.filter(room=room, person=person).values_list("role", flat=True).first()
        if role is None and room.kind in (CLOSED, DIRECT):
            raise no_such_room()
        yield Standing(room, person, role, by.is_staff)


def make(*, by: Identity, name: str, kind: str, topic: str) -> Room:
    """A room before anybody has spoken in it, with its maker as the owner."""
    maker = account_of(by)
    try:
        with override("en"):  # `detail` is English; a page says the reason
            name = canonical_room_name(name.strip())
    except ValueError as error:
        raise Refused("bad_frame", str(error), reason="bad_room_name") from error
    if name[0] in "@~" or kind not in KINDS:
        raise Refused("bad_frame", "name, kind: a room of this name or kind is not made here.", reason="bad_room_name")
    room = Room(name=name, kind=kind, topic=clean_topic(topic), owner_id=maker, active_at=timezone.now())
    with transaction.atomic():
        Room.objects.bulk_create([room], ignore_conflicts=True)
        made = Room.objects.select_for_update().get(name=name)
        if made.owner_id != maker or made.seq or made.members.exists():
            raise Refused("conflict", "There is a room of this name already.", reason="name_taken")
        Member.objects.create(room=made, person_id=maker, role=OWNER)
    return made


def clean_topic(raw: str) -> str:
    topic = " ".join("".join(each if each.isprintable() else " " for each in raw[: 4 * TOPIC_MAX]).split())
    if len(topic) > TOPIC_MAX:
        raise Refused("too_long", f"A topic has at most {TOPIC_MAX} characters.")
    return topic


def set_up(*, by: Identity, room: str, kind: str | None, topic: str | None, slow_seconds: int | None) -> int | None:
    """What is None stays. The kind changes only towards more closed, by the owner or staff."""
    with locked(by, room) as standing:
        if not standing.may_manage or standing.room.kind == DIRECT:
            raise not_yours()
        changed = {}
        if topic is not None:
            changed["topic"] = clean_topic(topic)
        if slow_seconds is not None:
            if not 0 <= slow_seconds <= SLOW_MAX:
                raise Refused("bad_frame", f"slow_seconds: 0 to {SLOW_MAX}.")
            if slow_seconds != standing.room.slow_seconds:
                changed["slow_seconds"] = str(slow_seconds)
                for note in slowed:
                    note(by, standing.room.name, slow_seconds)
        access = None
        if kind is not None and kind != standing.room.kind:
            if not (standing.is_staff or standing.role == OWNER):
                raise not_yours()
            if kind not in KINDS or KINDS.index(kind) < KINDS.index(standing.room.kind):
                raise Refused("forbidden", "A room only becomes more closed.", reason="more_open")
            changed["kind"] = kind
            access = _take_away(standing.room)
        if changed:
            Room.objects.filter(pk=standing.room.pk).update(**changed)
        return access


def add(*, by: Identity, room: str, name: str) -> int:
    """Make somebody a member. Returns their id."""
    with locked(by, room) as standing:
        if not standing.may_manage or standing.room.kind == DIRECT:
            raise not_yours()
        person = _account(name)
        Member.objects.bulk_create([_member(standing.room, person.pk)], ignore_conflicts=True)
        return person.pk


def join(*, by: Identity, room: str) -> None:
    """A public or open room; in a closed one only its members get this far."""
    with locked(by, room) as standing:
        Member.objects.bulk_create([_member(standing.room, standing.person)], ignore_conflicts=True)


def remove(*, by: Identity, room: str, name: str) -> int | None:
    """Also oneself. Nobody removes one with as many rights; nobody leaves a direct room."""
    with locked(by, room) as standing:
        person = _account(name)
        member = Member.objects.filter(room=standing.room, person=person).first()
        is_self = person.pk == standing.person
        if standing.room.kind == DIRECT or not (is_self or standing.may_manage):
            raise not_yours()
        if member is None:
            return None
        if not (is_self or standing.is_staff or _rank(standing.role) > _rank(member.role)):
            raise not_yours()
        if member.role == OWNER:
            raise Refused("forbidden", "Make somebody else the owner first.", reason="owner")
        access = _take_away(standing.room)
        member.delete()
        if not is_self:  # they may have a link
            RoomInvitation.objects.filter(room=standing.room).delete()
        return access


def give_role(*, by: Identity, room: str, name: str, role: str) -> int | None:
    """By the owner or staff. A room has one owner: the one before becomes an administrator."""
    with locked(by, room) as standing:
        if not (standing.is_staff or standing.role == OWNER) or standing.room.kind == DIRECT:
            raise not_yours()
        person = _account(name)
        member = Member.objects.filter(room=standing.room, person=person).first()
        if member is None or role not in ROLES:
            raise Refused("forbidden", "A member of the room and a role are needed.", reason="not_member")
        if member.role == role:
            return None
        if member.role == OWNER:
            raise Refused("forbidden", "Make somebody else the owner first.", reason="owner")
        if role == OWNER:
            Member.objects.filter(room=standing.room, role=OWNER).update(role=ADMINISTRATOR)
            Room.objects.filter(pk=standing.room.pk).update(owner=person)
        loses = role == OWNER or _rank(role) < _rank(member.role)
        Member.objects.filter(pk=member.pk).update(role=role)
        return _take_away(standing.room) if loses else None


def _take_away(room: Room) -> int:
    """What was asked before does not count any more."""
    Room.objects.filter(pk=room.pk).update(access=F("access") + 1)
    return room.access + 1


def _member(room: Room, person: int) -> Member:
    """What was said before they came is not unread."""
    return Member(room=room, person_id=person, read_seq=room.seq)


def _account(name: str) -> User:
    person = account_named(name.strip().removeprefix("@"))
    if person is None or not person.is_active:
        raise Refused("forbidden", "There is no account of that name.", reason="no_such_person")
    return person


def _rank(role: str | None) -> int:
    return ROLES.index(role) if role in ROLES else -1


def not_yours() -> Refused:
    return Refused("forbidden", "That is for the room's owner and administrators.", reason="not_allowed")
