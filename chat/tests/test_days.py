"""Days, groups and times are made by the server, in the time zone that the viewer's cookie names."""

import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from chat import days
from chat.identity import Identity
from chat.models import Message
from chat.tests.posted import say

NOON = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)
ADA, BOB = ("user-1", "Ada"), ("user-2", "Bob")


def page(*said: tuple[tuple[str, str], datetime], zone: object = UTC) -> str:
    article = '<article class="message" id="m{}"><time datetime="x"></time></article>'
    rows = [days.Row(n, *who, at, article.format(n), 0) for n, (who, at) in enumerate(said, 1)]
    return "".join(days.laid_out(rows, zone, NOON.date()))  # type: ignore[arg-type]


def continued(html: str) -> list[int]:
    return [int(id) for id in re.findall(r'"message continues" id="m(\d+)"', html)]


def minutes(count: float) -> datetime:
    return NOON + timedelta(minutes=count)


def test_an_author_who_goes_on_within_five_minutes_continues_a_group() -> None:
    html = page((ADA, minutes(0)), (ADA, minutes(4.9)), (ADA, minutes(9.9)), (BOB, minutes(10)), (ADA, minutes(10)))
    assert continued(html) == [2]


def test_an_author_who_has_another_name_meanwhile_begins_anew() -> None:
    assert continued(page((ADA, minutes(0)), (("user-1", "Countess"), minutes(1)))) == []


def test_each_day_has_its_name_and_begins_a_group() -> None:
    html = page((ADA, minutes(-60 * 24 * 400)), (ADA, minutes(-721)), (ADA, minutes(-719)))
    assert re.findall('data-date="(.*?)">(.*?)<', html) == [
        ("2025-10-26", "Sunday 26 October 2025"),
        ("2026-11-29", "Yesterday"),
        ("2026-11-30", "Today"),
    ]
    assert continued(html) == []


def test_days_and_times_are_those_of_the_viewers_zone() -> None:
    html = page((ADA, minutes(-721)), (ADA, minutes(-719)), zone=ZoneInfo("Asia/Shanghai"))
    assert re.findall('data-date="(.*?)"', html) == ["2026-11-30"]
    assert re.findall(r">(\d+:\d\d)</time>", html) == ["7:59", "8:01"]
    assert continued(html) == [2]


@pytest.mark.parametrize("name", ["", "Mars/Olympus", "../../etc/passwd", "/etc/localtime", "é\x00", "x" * 5000])
def test_a_zone_that_is_none_is_utc(name: str) -> None:
    assert days.zone_of({days.COOKIE: name}) is UTC


def test_when_a_room_was_lively_is_said_shortly() -> None:
    def near(age: float) -> str:
        return days.near(NOON - timedelta(days=age), UTC, date(2026, 11, 30))

    assert [near(0), near(1), near(2), near(8), near(365)] == [
        "12:00", "Yesterday", "Saturday", "22 November", "30 November 2025",
    ]  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_two_viewers_in_two_zones_get_each_their_own_page(client: Client, ada: Identity) -> None:
    say(author=ada, text="hello")
    sent = Message.objects.get().sent_at
    for name in ("Asia/Kolkata", "America/New_York", "Asia/Kolkata"):
        client.cookies[days.COOKIE] = name
        for path in ("/chat/lobby/", "/chat/lobby/?before=9", "/chat/lobby/history/?before=9"):
            assert f">{days.clock(sent.astimezone(ZoneInfo(name)))}</time>" in client.get(path).content.decode()
