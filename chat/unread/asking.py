"""What is unread, and where something happened, for one who asks now and then: a poll.

What a client knows is a word that the last answer gave it: a digest of the numbers, and when they were read. So any
process can answer, and keeps nothing of those who ask.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from chat.identity import Identity
from chat.models import OPEN, PUBLIC, Member, Room
from chat.people import digest
from chat.protocol import Event, number
from chat.unread.news import MOST, moved
from chat.unread.numbers import of_people

AT_MOST = timedelta(minutes=2)  # back; a page that was away for longer asks for the list of rooms again
LATE = timedelta(seconds=2)  # in which what is done at one moment can be read


@dataclass(frozen=True, slots=True)
class Answer:
    events: list[Event]
    known: str
    is_news: bool  # something else is unread than the client knows


def asked(you: Identity, room: str, known: str) -> Answer:
    """Who may know of a room is asked by the statement that reads it."""
    now = timezone.now()
    before, _, since = known.partition(".")
    unread = _unread(you, room)
    new = digest(unread) if unread else ""
    is_news = unread is not None and new != before
    recent = _recent(you, room, max(_time(since, now), now - AT_MOST) - LATE)
    events = [event for event in (unread if is_news else None, recent) if event]
    return Answer(events, f"{new}.{int(now.timestamp())}", is_news)


def _unread(you: Identity, room: str) -> Event | None:
    if you.ticket is None:
        return None
    found = sorted(of_people([you.ticket.user], [room]), key=lambda each: each.room)
    return {"type": "unread", "all": True, "rooms": [each.public() for each in found]}


def _recent(you: Identity, here: str, since: datetime) -> Event | None:
    may_know = Q(kind__in=(PUBLIC, OPEN))
    if you.ticket:
        may_know |= Q(Exists(Member.objects.filter(room=OuterRef("pk"), person=you.ticket.user)))
    rooms = Room.objects.filter(may_know, active_at__gt=since).exclude(name=here).order_by("-active_at")
    found = [moved(*row) for row in rooms.values_list("name", "active_at")[:MOST]]
    return {"type": "recent", "rooms": found} if found else None


def _time(raw: str, now: datetime) -> datetime:
    """Of one who knows nothing yet: now, since their page has just been made."""
    seconds = number(raw, digits=10)
    return now if seconds is None else datetime.fromtimestamp(seconds, UTC)
