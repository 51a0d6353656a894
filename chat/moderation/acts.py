"""What staff do, and who looks after a room in it, each with its record in one transaction.

Plain synchronous functions, keyword-only. Each raises Refused where it cannot be done, and django.db.Error.
"""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone

from accounts.guests import anonymous
from accounts.models import User
from chat.identity import GUEST, PASSING, Identity, account_id, account_pk, guest_by_id
from chat.models import ADMINISTRATOR, MEMBER, OWNER, SLOW_MAX, Member, Message, Room
from chat.moderation.bans import clean_target, is_person
from chat.moderation.models import WHY_MAX, Ban, Mute, Purge, Record, Report, Seen
from chat.permissions import Asked
from chat.protocol import NO_SUCH_MESSAGE, Refused, no_such_room

GUESTS_FROM_THERE = timedelta(hours=24)  # for which other guests are kept out with one
LOOKED_THROUGH = 2000  # newest messages, for the name of one who passed by: there is no index by author


def record(act: str, by: Identity, *, whom: str = "", why: str = "", **more: Any) -> Record:
    name = more.pop("whom_name", "") or (name_of(whom) if whom else "")
    return Record.objects.create(
        act=act, by=by.id, by_name=by.name, whom=whom, whom_name=name, why=why[:WHY_MAX], **more
    )


def name_of(person: str) -> str:
    """What a person is called now; one who passed by, as they last spoke. An address has no name."""
    if (pk := account_pk(person)) is not None:
        return User.objects.filter(pk=pk).values_list("username", flat=True).first() or ""
    if person.startswith(PASSING):
        newest = Message.objects.aggregate(newest=Max("pk"))["newest"] or 0
        recent = Message.objects.filter(pk__gt=newest - LOOKED_THROUGH, author_id=person).order_by("-pk")
        return recent.values_list("author_name", flat=True).first() or anonymous(person)
    return guest_by_id(person).name if is_person(person) else ""


def note_deletion(asked: Asked, message: Message) -> None:
    """In the transaction of the deletion: see chat.permissions.moderated."""
    if getattr(asked, "is_noted", True):
        whom = {"whom": message.author_id, "whom_name": message.author_name}
        record("delete", asked.author, **whom, room=message.room.name, message=message.seq)


def note_slow_mode(by: Identity, room: str, seconds: int, why: str = "") -> None:
    """In the transaction that sets it, also by those who look after the room: see chat.members.acts.slowed."""
    record("slow", by, room=room, detail=f"{seconds} s", why=why)


def ban(*, by: Identity, target: str, until: datetime | None, why: str) -> str:
    """Returns the target as it is kept. With a guest, other guests from where that one last spoke are kept out."""
    target = _target(target)
    with transaction.atomic():
        Ban.objects.update_or_create(target=target, defaults={"until": until, "guests_only": False})
        addresses = _last_addresses(target) if target.startswith(GUEST) else []
        end = timezone.now() + GUESTS_FROM_THERE
        for address in addresses:
            found, is_new = Ban.objects.get_or_create(target=address, defaults={"until": end, "guests_only": True})
            if not is_new and found.guests_only:
                Ban.objects.filter(pk=found.pk).update(until=end)
        detail = f"guests from {', '.join(addresses)} for 24 hours" if addresses else ""
        record("ban", by, whom=target, until=until, detail=detail[:WHY_MAX], why=why)
    return target


def unban(*, by: Identity, target: str, why: str) -> None:
    with transaction.atomic():
        if Ban.objects.filter(target=target).delete()[0]:
            record("unban", by, whom=target, why=why)


def mute(*, by: Identity, room: str, whom: str, until: datetime | None, why: str) -> None:
    whom = _target(whom, person=True)
    with transaction.atomic():
        found = _locked(room)
        _check_may_mute(by, found, whom)
        Mute.objects.update_or_create(room=found, person=whom, defaults={"until": until})
        record("mute", by, whom=whom, room=room, until=until, why=why)


def unmute(*, by: Identity, room: str, whom: str, why: str) -> None:
    with transaction.atomic():
        if Mute.objects.filter(room=_locked(room), person=whom).delete()[0]:
            record("unmute", by, whom=whom, room=room, why=why)


def slow(*, by: Identity, room: str, seconds: int, why: str) -> None:
    """0 switches it off."""
    if not 0 <= seconds <= SLOW_MAX:
        raise Refused("bad_frame", f"seconds: 0 to {SLOW_MAX}.")
    with transaction.atomic():
        if not Room.objects.filter(name=room).update(slow_seconds=seconds):
            raise no_such_room()
        note_slow_mode(by, room, seconds, why)


def purge(*, by: Identity, author: str, why: str) -> None:
    """Begin to delete everything that they said up to now: chat.moderation.purge goes on with it."""
    author = _target(author, person=True)
    with transaction.atomic():
        newest = Message.objects.aggregate(newest=Max("pk"))["newest"] or 0
        long_ago = timezone.now() - timedelta(days=1)
        Purge.objects.create(author=author, by=by.id, by_name=by.name, before=newest + 1, stepped_at=long_ago)
        record("purge", by, whom=author, why=why)


def report(*, by: Identity, room: str, message: int, why: str) -> None:
    """A second report of the same message by the same person changes nothing."""
    found = Message.objects.filter(room__name=room, seq=message, deleted_at=None).first()
    if found is None:
        raise Refused("forbidden", "There is no such message.", reason=NO_SUCH_MESSAGE)
    whom = {"whom": found.author_id, "whom_name": found.author_name}
    with transaction.atomic():
        if not Report.objects.filter(room=room, message=message, reporter=by.id).exists():
            entry = record("report", by, **whom, room=room, message=message, why=why)
            Report.objects.create(record=entry, room=room, message=message, reporter=by.id)


def handled(*, by: Identity, room: str, message: int, why: str) -> None:
    """All reports of a message are looked at; whether it is still there is another act."""
    with transaction.atomic():
        if Report.objects.filter(room=room, message=message).delete()[0]:
            record("handled", by, room=room, message=message, why=why)


def _target(raw: str, *, person: bool = False) -> str:
    try:
        target = clean_target(raw)
    except ValueError as error:
        raise Refused("bad_frame", str(error), reason="bad_target") from error
    if person and not is_person(target):
        raise Refused("bad_frame", "A person's id such as user-3 is needed.", reason="bad_target")
    account = account_pk(target)
    if account is not None and User.objects.filter(pk=account, is_staff=True).exists():
        raise Refused("forbidden", "This is one of the staff: take that away in the admin first.", reason="is_staff")
    return target


def _check_may_mute(by: Identity, room: Room, whom: str) -> None:
    """Staff anybody; the owner of a room everybody else there; an administrator who is neither. Raises Refused."""
    if by.is_staff:
        return
    heads = Member.objects.filter(room=room).exclude(role=MEMBER).values_list("person", "role")
    roles = {account_id(person): role for person, role in heads}
    role, theirs = roles.get(by.id), roles.get(whom)
    if not (role == OWNER or (role == ADMINISTRATOR and theirs is None)) or whom == by.id:
        raise Refused("forbidden", "That is for the room's owner and administrators.", reason="not_allowed")


def _locked(room: str) -> Room:
    """The room, with a higher number of access: what was asked before does not count any more."""
    if not Room.objects.filter(name=room).update(access=F("access") + 1):
        raise no_such_room()
    return Room.objects.get(name=room)


def _last_addresses(guest: str) -> list[str]:
    seen = Seen.objects.filter(person=guest)
    last: date | None = seen.aggregate(last=Max("day"))["last"]
    return list(seen.filter(day=last).values_list("address", flat=True)) if last else []
