"""What is refused in a room: whoever is muted there, and who speaks too soon in slow mode.

Asked with the room's row locked. A message that was stored before is not refused when it comes again: see `_is_repeat`.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import lru_cache

from django.utils import timezone

from chat.models import Message, Room
from chat.moderation.bans import seconds_until
from chat.moderation.models import Mute
from chat.permissions import Asked
from chat.protocol import Refused
from chat.verbs import Delete

LOOKED_BACK = 1000  # changes of a room, in which somebody's last message is looked for


def muted_or_slow(asked: Asked, room: Room, changed: Iterable[Message]) -> Refused | None:
    return muted(asked, room) or slow_mode(asked, room, changed)


def muted(asked: Asked, room: Room) -> Refused | None:
    """What is their own they may take away."""
    if not room.access or asked.author.is_staff or isinstance(asked, Delete):
        return None
    mutes = _mutes(room.pk, room.access)
    if asked.author.id not in mutes:
        return None
    until = mutes[asked.author.id]
    if (until and until <= timezone.now()) or _is_repeat(asked, room):
        return None
    detail = f"You are muted in this room until {until:%Y-%m-%d %H:%M} UTC." if until else "You are muted in this room."
    return Refused("forbidden", detail, reason="muted", retry_after=seconds_until(until))


def slow_mode(asked: Asked, room: Room, changed: Iterable[Message]) -> Refused | None:
    if not (room.slow_seconds and asked.is_said) or asked.author.is_staff:
        return None
    last = _last_said(asked, room, changed)
    wait = last + timedelta(seconds=room.slow_seconds) - timezone.now() if last else timedelta()
    if wait <= timedelta() or _is_repeat(asked, room):
        return None
    seconds = round(wait.total_seconds() + 0.05, 1)
    detail = f"This room is in slow mode: try again in {seconds:g} s."
    return Refused("rate_limited", detail, retry_after=seconds, reason="slow_mode")


@lru_cache(maxsize=1024)
def _mutes(room: int, access: int) -> dict[str, datetime | None]:
    """Asked for once after each change of the number: a mute raises it in its own transaction."""
    return dict(Mute.objects.in_force().filter(room=room).values_list("person", "until"))


def _last_said(asked: Asked, room: Room, changed: Iterable[Message]) -> datetime | None:
    now = [each.sent_at for each in changed if each.room is room and each.author_id == asked.author.id and not each.pk]
    if now:
        return now[-1]
    recent = Message.objects.filter(room=room.pk, seq__gt=room.seq - LOOKED_BACK, author_id=asked.author.id)
    return recent.order_by("-seq").values_list("sent_at", flat=True).first()


def _is_repeat(asked: Asked, room: Room) -> bool:
    """Its answer got lost: then it is the first one's, whatever has happened to its author since."""
    if asked.client_id is None:
        return False
    return Message.objects.filter(room=room.pk, client_id=asked.client_id, author_id=asked.author.id).exists()
