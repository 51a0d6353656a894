"""From, In and When: each writes an operator into the query, and shows the one that was typed."""

from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from accounts.models import User
from accounts.sessions import Ticket
from chat.days import today
from chat.identity import Identity
from chat.members import acts
from chat.models import CLOSED, OPEN, Message
from chat.names import direct_name
from chat.search.finding import find
from chat.search.query import narrowed, parse
from chat.search.tests.test_search import index, say

pytestmark = pytest.mark.django_db(transaction=True)


class Lists(HTMLParser):
    """The lists of a page to choose from: by name, values and labels, the first of which is chosen."""

    def __init__(self, client: Client, **fields: str) -> None:
        super().__init__()
        self.lists: dict[str, dict[str, str]] = {}
        self._list, self._value = dict[str, str](), None
        self.page = client.get("/search/", fields).content.decode()
        self.feed(self.page)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        values: dict[str, Any] = dict(attributes)
        if tag == "select":
            self._list = self.lists[values["name"]] = {}
        self._value = values["value"] if tag == "option" else None

    def handle_data(self, data: str) -> None:
        if self._value is not None:
            self._list[self._value] = data
            self._value = None

    def labels(self, name: str) -> list[str]:
        return list(self.lists[name].values())


def account(name: str) -> tuple[Identity, Client]:
    user, client = User.objects.create_user(name), Client()
    client.force_login(user)
    return Identity(f"user-{user.pk}", name, ticket=Ticket("", user.pk, "")), client


def chosen(client: Client, **fields: str) -> str:
    """The query to which a form leads."""
    answer = client.get("/search/", fields)
    assert answer.status_code == 302, answer.content
    return parse_qs(urlsplit(answer["Location"]).query)["q"][0]


@pytest.mark.parametrize(
    ("typed", "filters", "query"),
    [
        ("kettle", {"in": "den"}, "kettle in:den"),
        ("kettle in:hall", {"in": "den"}, "kettle in:den"),
        ("in:hall kettle", {"in": "*"}, "kettle"),
        ("kettle", {"from": "Ada Lovelace"}, 'kettle from:"Ada Lovelace"'),
        ('from:"Ada L" kettle', {"from": 'Bob "the" Builder'}, 'kettle from:"Bob the Builder"'),
        ("a after:2026-01-01 before:2026-02-01 b", {"when": "2026-03-01"}, "a b after:2026-03-01"),
        ("a after:2026-01-01 before:2026-02-01 b", {"when": "*"}, "a b"),
        ('"in:hall kettle" IN:hall', {"in": "*"}, '"in:hall kettle"'),
        ("", {"from": "ada", "in": "den", "when": "2026-03-01"}, "from:ada in:den after:2026-03-01"),
    ],
)
def test_what_is_chosen_takes_the_place_of_what_was_typed(typed: str, filters: dict[str, str], query: str) -> None:
    assert narrowed(typed, filters) == query
    assert chosen(Client(), q=typed, **filters) == query


def test_the_lists_show_what_was_typed_and_can_take_it_back(ada: Identity) -> None:
    say(ada, "the kettle", room="den")
    index()
    plain = Lists(Client(), q="kettle")
    assert [plain.labels(name)[0] for name in plain.lists] == ["From anybody", "In every room", "At any time"]
    typed = Lists(Client(), q="kettle in:DEN from:@ada after:2026-01-02")
    assert typed.labels("in") == ["In den", "In every room"]
    assert typed.labels("from")[:2] == ["From ada", "From anybody"]
    assert typed.labels("when")[:2] == ["Since 2026-01-02", "At any time"]
    for name in ("in", "from", "when"):
        assert list(typed.lists[name])[:2] == ["", "*"], "the first writes nothing"
    assert Lists(Client(), q="before:2026-01-02").labels("when")[0] == "Before 2026-01-02"
    both = Lists(Client(), q="before:2026-02-01 after:2026-01-02")
    assert both.labels("when")[0] == "Since 2026-01-02, before 2026-02-01"


def test_a_choice_finds_what_its_operator_finds(ada: Identity, bob: Identity) -> None:
    say(ada, "the kettle", room="den")
    say(bob, "the kettle", room="hall")
    index()
    client = Client()
    for field, value in (("in", "den"), ("from", "Ada")):
        page = client.get("/search/", {"q": "kettle", field: value}, follow=True).content.decode()
        assert page.count('class="entry hit"') == 1, field
        assert "?at=1" in page
        assert "1 message, newest first" in page
    assert Lists(client, q="kettle").labels("from")[1:] == ["From Ada", "From Bob"]


def test_only_rooms_that_one_may_read_are_offered(ada: Identity) -> None:
    (grace, hers), (linus, his) = account("Grace"), account("Linus")
    assert grace.ticket
    assert linus.ticket
    say(ada, "hello", room="hall")
    for room, kind in (("club", OPEN), ("vault", CLOSED)):
        acts.make(by=grace, name=room, kind=kind, topic="")
        say(grace, "psst", room=room)
    say(grace, "psst", room=direct_name([grace.ticket.user, linus.ticket.user]))
    index()
    assert set(Lists(Client()).lists["in"]) == {"", "hall"}
    assert set(Lists(his).lists["in"]) == {"", "hall", "club", "@Grace"}
    assert set(Lists(hers).lists["in"]) == {"", "hall", "club", "vault", "@Linus"}
    assert "From Grace" not in Lists(Client()).labels("from"), "who spoke where one may not read"
    assert "From Grace" in Lists(his).labels("from")


def test_a_direct_room_is_called_by_its_person(ada: Identity) -> None:
    (grace, hers), (linus, _), (_, stranger) = account("Grace H"), account("Linus"), account("Eve")
    assert grace.ticket
    assert linus.ticket
    say(linus, "the kettle", room=direct_name([grace.ticket.user, linus.ticket.user]))
    index()
    query = chosen(hers, q="kettle", **{"in": "@Linus"})
    found = Lists(hers, q=query)
    assert "the <mark>kettle</mark>" in found.page
    assert "in <bdi>Linus</bdi>" in found.page
    assert found.labels("in")[0] == "With Linus"
    assert 'class="entry hit"' not in Lists(stranger, q=query).page
    assert 'class="entry hit"' not in Lists(Client(), q=query).page
    assert [hit.seq for hit in find(parse('in:"@Grace H"'), linus).hits] == [1]


@pytest.mark.parametrize(
    ("field", "value", "problem"),
    [("when", "yesterday", "yesterday is not a day"), ("in", "a/b", "a/b is not the name of a room"),
     ("when", "0001-01-01", "0001-01-01 is not a day")],
)  # fmt: skip
def test_a_value_that_is_none_is_said_in_a_sentence_and_all_that_was_typed_stays(
    field: str, value: str, problem: str
) -> None:
    client = Client()
    client.cookies["chat_tz"] = "Asia/Shanghai"
    answer = client.get("/search/", {"q": "the kettle", field: value}, follow=True)
    page = answer.content.decode()
    assert answer.status_code == 400
    assert f'role="alert">{problem}' in page
    assert 'value="the kettle ' in page
    assert set(Lists(client, q="a before:x").lists) == {"from", "in", "when"}, "they can still be used"


def test_a_reserved_name_is_that_of_a_room_that_is_not_there() -> None:
    for room in ("admin", "nowhere"):
        answer = Client().get("/search/", {"q": f"in:{room}"})
        assert answer.status_code == 200
        assert "Nothing was found that you may read." in answer.content.decode()


def test_days_begin_at_midnight_of_whoever_searches(ada: Identity) -> None:
    say(ada, "the kettle")
    Message.objects.update(sent_at=datetime(2026, 1, 1, 17, tzinfo=UTC))
    index()
    zones = {"": 0, "Asia/Shanghai": 1}  # there it is one o'clock in the night
    for zone, hits in zones.items():
        client = Client()
        client.cookies["chat_tz"] = zone
        page = Lists(client, q="kettle after:2026-01-02").page
        assert page.count('class="entry hit"') == hits, zone


def test_the_days_offered_are_those_of_whoever_looks() -> None:
    client, zone = Client(), ZoneInfo("Pacific/Kiritimati")  # far ahead
    client.cookies["chat_tz"] = zone.key
    now = today(zone)
    offered = Lists(client).lists["when"]
    assert offered[now.isoformat()] == "Today"
    days = [date.fromisoformat(value) for value in offered if value]
    assert days == sorted(days, reverse=True)
    assert now - timedelta(days=30) in days
    typed = Lists(client, q=f"kettle after:{now - timedelta(days=30)}").labels("when")
    assert typed[0] == "In the last 30 days"
    assert typed.count("In the last 30 days") == 1


def test_where_nothing_is_found_each_filter_can_be_taken_away(ada: Identity) -> None:
    say(ada, "the kettle")
    index()
    page = Lists(Client(), q="kettle in:den from:ada").page
    assert 'href="/search/?q=kettle+from%3Aada">In every room</a>' in page
    assert 'href="/search/?q=kettle+in%3Aden">From anybody</a>' in page
    assert ">At any time</a>" not in page
    assert '">In every room</a>' not in Lists(Client(), q="kettle").page
