"""Days, groups and times: what stands around stored messages, in the time zone of whoever looks.

The zone is the browser's, in the cookie `chat_tz`; without one it is UTC. `static/chat/timeline.js` does the same for
what comes in later.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import cache, lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo, available_timezones

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import get_language, gettext, pgettext

COOKIE = "chat_tz"
GROUP = timedelta(minutes=5)  # between messages of one author that stand under one name
ARTICLE, TIME = '<article class="message', "></time>"  # where a class and a time are put into what is stored


class Row(NamedTuple):
    """What is asked of the database about a message: enough to group it, and its article."""

    seq: int
    author_id: str
    author_name: str
    sent_at: datetime
    html: str
    rendered: int


def zone_of(cookies: Mapping[str, str]) -> tzinfo:
    """The zone of whoever came with these cookies; a name that is none, or that this machine lacks, is UTC."""
    name = cookies.get(COOKIE, "")
    return ZoneInfo(name) if name in _zones() else UTC


@cache
def _zones() -> set[str]:
    return available_timezones()


def today(zone: tzinfo) -> date:
    return timezone.now().astimezone(zone).date()


def named(day: date, today: date) -> str:
    """A day as people call it: Today, Yesterday, else with its weekday, and its year unless it is this one."""
    if day == today:
        return gettext("Today")
    if day == today - timedelta(days=1):
        return gettext("Yesterday")
    return date_format(day, pgettext("date", "l j F") if day.year == today.year else pgettext("date", "l j F Y"))


def near(moment: datetime, zone: tzinfo, today: date) -> str:
    """When something was said last: a time today, a weekday within a week, else a date."""
    at = moment.astimezone(zone)
    age = (today - at.date()).days
    if age < 1:
        return clock(at)
    if age == 1:
        return gettext("Yesterday")
    if age < 7:
        return date_format(at, "l")
    return date_format(at, pgettext("date", "j F") if at.year == today.year else pgettext("date", "j F Y"))


@lru_cache(maxsize=64)
def _rule(day: date, today: date, language: str | None) -> str:
    return format_html('<h2 class="rule day" data-date="{}">{}</h2>', day.isoformat(), named(day, today))


def clock(at: datetime) -> str:
    return f"{at.hour}:{at.minute:02}"


def laid_out(rows: Iterable[Row], zone: tzinfo, today: date) -> Iterator[str]:
    """The articles with times, those of one author in groups, each day under its name."""
    author, sent, day = ("", ""), datetime.min.replace(tzinfo=UTC), None
    for row in rows:
        at = row.sent_at.astimezone(zone)
        if at.date() != day:
            day, author = at.date(), ("", "")
            yield _rule(day, today, get_language())
        continues = (row.author_id, row.author_name) == author and row.sent_at - sent < GROUP
        author, sent = (row.author_id, row.author_name), row.sent_at
        html = row.html.replace(TIME, f">{clock(at)}</time>", 1)
        yield f"{ARTICLE} continues{html.removeprefix(ARTICLE)}" if continues else html
