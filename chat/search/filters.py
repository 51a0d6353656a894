"""The filters of the search page: another way to write `from:`, `in:`, `after:` and `before:`.

What is chosen is written into the query. So all is combined there, the filters show what was typed as well, and the
address of a page says all of it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from django.utils.translation import gettext

from chat import direct, pages
from chat.days import today
from chat.identity import Identity
from chat.models import OPEN, Message
from chat.names import direct_people
from chat.rights import readable_by
from chat.search.query import ANY, Query

LISTED = 50  # people, rooms, and direct rooms
LOOKED_BACK = 300  # messages, of which the authors are offered


@dataclass(frozen=True, slots=True)
class Filter:
    """A list to choose from: values and labels. What the query says comes first, and writes nothing into it."""

    name: str
    label: str
    options: list[tuple[str, str]]


def filters(query: Query, you: Identity, zone: tzinfo, authors: Iterable[str] = ()) -> list[Filter]:
    """`authors` are those of what was found: they are offered too."""
    return [_from(query, you, authors), _in(query, you), _when(query, zone)]


def _filter(name: str, label: str, anything: str, stated: str, offered: Iterable[tuple[str, str]]) -> Filter:
    """`stated` is what the query says of it, if it does."""
    first = [("", stated), (ANY, anything)] if stated else [("", anything)]
    return Filter(name, label, first + [each for each in offered if each[1].casefold() != stated.casefold()])


def _from(query: Query, you: Identity, authors: Iterable[str]) -> Filter:
    label = gettext("From {name}")
    names = sorted({*authors, *_speakers(you), *([you.name] if you.ticket else [])}, key=str.casefold)
    stated = label.format(name=", ".join(query.authors)) if query.authors else ""
    options = [(name, label.format(name=name)) for name in names]
    return _filter("from", gettext("From"), gettext("From anybody"), stated, options)


def _speakers(you: Identity) -> list[str]:
    """Who spoke last, where one may read."""
    newest = Message.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    recent = Message.objects.filter(readable_by(you), pk__gt=newest - LOOKED_BACK, deleted_at=None)
    return list(recent.order_by().values_list("author_name", flat=True).distinct()[:LISTED])


def _in(query: Query, you: Identity) -> Filter:
    """The rooms that one may read, the most recently active first."""
    label, between = gettext("In {room}"), gettext("With {people}")
    rooms = [each.name for each in pages.recent_rooms(you)[:LISTED] if each.kind != OPEN or you.ticket]
    options = [(name, label.format(room=name)) for name in rooms]
    for each in direct.rooms_of(you, LISTED):
        is_of_two = len(direct_people(each.name)) == 2
        options.append((f"@{each.title}" if is_of_two else each.name, between.format(people=each.title)))
    labels = dict(options)
    stated = ", ".join(labels.get(name, label.format(room=name)) for name in dict.fromkeys(query.rooms))
    return _filter("in", gettext("Room"), gettext("In every room"), stated, options)


def _when(query: Query, zone: tzinfo) -> Filter:
    now = today(zone)
    labels: dict[date, str] = {}
    for day, label in (
        (now, gettext("Today")),
        (now - timedelta(days=1), gettext("Since yesterday")),
        (now - timedelta(days=now.weekday()), gettext("Since Monday")),
        (now - timedelta(days=30), gettext("In the last 30 days")),
        (now - timedelta(days=365), gettext("In the last year")),
    ):
        labels.setdefault(day, label)
    options = [(day.isoformat(), label) for day, label in labels.items()]
    return _filter("when", gettext("When"), gettext("At any time"), _stated_time(query, zone, labels), options)


def _stated_time(query: Query, zone: tzinfo, labels: dict[date, str]) -> str:
    def day(moment: datetime) -> date:
        return moment.astimezone(zone).date()

    if query.since and query.until:
        label = gettext("Since {since}, before {until}")
        return label.format(since=day(query.since), until=day(query.until))
    if query.until:
        return gettext("Before {until}").format(until=day(query.until))
    if query.since:
        since = day(query.since)
        return labels.get(since) or gettext("Since {since}").format(since=since)
    return ""
