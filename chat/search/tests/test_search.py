"""What is found, by whom, in which order, and how soon after it was said."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime
from html import unescape
from threading import Event
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client

from accounts.models import User
from accounts.sessions import Ticket
from chat import follower
from chat.identity import Identity
from chat.models import Cursor, Message, Room
from chat.names import direct_name
from chat.posting import commit
from chat.search.checks import triggers
from chat.search.finding import PAGE, find
from chat.search.indexing import Indexer
from chat.search.models import Entry
from chat.search.query import parse
from chat.search.showing import marked
from chat.search.words import terms
from chat.verbs import Delete, Edit, Say

pytestmark = pytest.mark.django_db(transaction=True)


def index() -> None:
    follower.catch_up([Indexer()], Event())


def say(you: Identity, *texts: str, room: str = "lobby") -> None:
    commit([Say(room, you, text, uuid4()) for text in texts])


def found(query: str, you: Identity | None = None) -> list[str]:
    return [hit.text for hit in find(parse(query), you or Identity("guest-nobody", "Nobody")).hits]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Hello, World!", ["hello", "world"]),
        ("Crème brûlée", ["creme", "brulee"]),
        ("STRASSE straße", ["strasse", "strasse"]),
        ("服务器", ["服务", "务器", "器"]),
        ("学习Django框架", ["学习", "习", "django", "框架", "架"]),
        ("हिन्दी में", ["हिन्दी", "में"]),
        ("ﬁne ½ ①", ["fine", "1", "2", "1"]),
        ("が は", ["が", "は"]),
        ("foo_bar-baz", ["foo", "bar", "baz"]),
        ("\ue00112", ["12"]),
        ("🎉", []),
    ],
)
def test_the_words_of_a_text(text: str, words: list[str]) -> None:
    assert [term.word for term in terms(text)] == words


FOUND = [
    ("server", ["A server died.", "the SERVER lives"]),
    ("server died", ["A server died."]),
    ('"the server"', ["the SERVER lives"]),
    ("“the server”", ["the SERVER lives"]),
    ("creme", ["Crème brûlée"]),
    ("服", ["重启服务器了"]),
    ("服务", ["重启服务器了"]),
    ("务器", ["重启服务器了"]),
    ("重启服务器", ["重启服务器了"]),
    ("器", ["重启服务器了"]),
    ("了", ["重启服务器了"]),
    ("服器", []),
    ("框架 学习", ["学习Django框架"]),
    ('"学习 django"', ["学习Django框架"]),
    ("习 学", ["学习Django框架"]),
    ("हिन्दी", ["हिन्दी में"]),
    ("서버", ["서버가 죽었다"]),
    ("from:ada died", ["A server died."]),
    ("from:@ADA died", ["A server died."]),
    ("from:bob died", []),
    ("in:den", ["in the den"]),
    ("in:#den the", ["in the den"]),
    ("in:nowhere the", []),
    ("die", []),
    ("OR", []),
    ("*", []),
    ('"', []),
    ("a'b", []),
    ("NEAR(server)", []),
    ("before:2020-01-01 server", []),
    ("after:2020-01-01 died", ["A server died."]),
]


@pytest.fixture
def said(ada: Identity, bob: Identity) -> None:
    say(
        ada,
        "the SERVER lives",
        "A server died.",
        "Crème brûlée",
        "重启服务器了",
        "学习Django框架",
        "हिन्दी में",
        "서버가 죽었다",
    )
    say(bob, "in the den", room="den")
    index()


def test_what_is_found_newest_first(said: None) -> None:
    for query, texts in FOUND:
        assert found(query) == texts, query


@pytest.mark.parametrize("typed", ["before:yesterday", "after:2026-13-01", "a" * 501, "a " * 60])
def test_what_cannot_be_searched_for_is_said_in_a_sentence(said: None, typed: str) -> None:
    response = Client().get("/search/", {"q": typed})
    assert response.status_code == 400
    assert 'role="alert"' in response.content.decode()


def test_edits_and_deletions_are_followed(said: None, ada: Identity) -> None:
    commit([Edit("lobby", ada, 2, "A clock died."), Delete("lobby", ada, 3)])
    index()
    assert found("server") == ["the SERVER lives"]
    assert found("clock") == ["A clock died."]
    assert found("brulee") == []


def test_a_page_has_50_and_the_next_begins_where_it_ended(ada: Identity) -> None:
    say(ada, *(f"word {number}" for number in range(120)))
    index()
    texts, cursor = [], None
    for expected in (PAGE, PAGE, 20):
        page = find(parse("word"), ada, cursor)
        assert len(page.hits) == expected
        texts += [hit.text for hit in page.hits]
        cursor = page.cursor
    assert texts == [f"word {number}" for number in reversed(range(120))]
    assert cursor is None


def test_before_anything_was_indexed_nothing_is_found(ada: Identity) -> None:
    say(ada, "word")
    assert found("word") == found("word after:2020-01-01") == found("word before:2100-01-01") == []


def test_all_is_found_though_the_newest_of_what_matches_was_deleted_just_now(ada: Identity) -> None:
    say(ada, *(f"word {number}" for number in range(400)))
    index()
    commit([Delete("lobby", ada, 101 + number) for number in range(300)])
    page = find(parse("word"), ada)
    texts = [hit.text for hit in page.hits]
    while page.cursor:
        page = find(parse("word"), ada, page.cursor)
        texts += [hit.text for hit in page.hits]
    assert texts == [f"word {number}" for number in reversed(range(100))]


def test_what_one_may_not_read_is_not_found(said: None, ada: Identity) -> None:
    Room.objects.filter(name="den").update(kind="closed", access=1)
    assert found("den") == []
    assert found("in:den") == []


def test_the_index_is_what_a_slow_scan_finds_after_any_changes(ada: Identity) -> None:
    chosen = random.Random(4)
    words = ["red", "green", "blue", "红色", "绿", "蓝色的"]
    for _ in range(20):
        say(ada, *(" ".join(chosen.choices(words, k=3)) for _ in range(10)))
        for message in chosen.sample(list(Message.objects.filter(deleted_at=None)), 3):
            verb = chosen.choice(
                [Delete("lobby", ada, message.seq), Edit("lobby", ada, message.seq, chosen.choice(words))]
            )
            commit([verb])
        if chosen.random() < 0.5:
            index()
    index()
    for word in words:
        slow = [each.text for each in Message.objects.filter(deleted_at=None, text__contains=word).order_by("-pk")]
        assert found(word) == slow[:PAGE]


def test_reindexing_makes_the_same_again(said: None) -> None:
    Entry.objects.all().delete()
    assert found("server") == []
    call_command("reindex", verbosity=0)
    for query, texts in FOUND:
        assert found(query) == texts, query
    assert Cursor.objects.filter(follower="search").count() == 2


@pytest.fixture
def without_trigger() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT sql FROM sqlite_master WHERE name = 'search_entry_added'")
        (sql,) = cursor.fetchone()
        cursor.execute("DROP TRIGGER search_entry_added")
        yield
        cursor.execute(sql)


@pytest.mark.skipif("connection.vendor != 'sqlite'")
def test_a_lost_trigger_is_told(without_trigger: None) -> None:
    assert [each.id for each in triggers(databases=["default"])] == ["search.E001"]


def test_the_page_marks_what_was_found_and_leads_to_it(said: None) -> None:
    page = Client().get("/search/", {"q": "server"}).content.decode()
    assert "A <mark>server</mark> died." in page
    assert 'href="/chat/lobby/?at=2"' in page
    assert "Crème" in page, "the line after it"


def test_what_was_found_is_shown_as_it_is_read(ada: Identity) -> None:
    say(ada, "- **before** it", "the [old](https://example.com/kettle) **server** died", "`after` it")
    index()
    page = Client().get("/search/", {"q": "server"}).content.decode()
    assert "the old <mark>server</mark> died" in page
    assert '<span dir="auto">before it</span>' in page
    assert '<span dir="auto">after it</span>' in page
    page = Client().get("/search/", {"q": "kettle"}).content.decode()
    assert "example.com/<mark>kettle</mark>" in page, "where it stands in the address alone"


@pytest.mark.parametrize(
    ("text", "query", "html"),
    [
        ("a <b> server", "server", "a &lt;b&gt; <mark>server</mark>"),
        ("重启服务器了", "服务器", "重启<mark>服务器</mark>了"),
        ("学习", "学", "<mark>学习</mark>"),
        ("nothing", "server", "nothing"),
        ("Crème " + "x" * 400, "creme", "<mark>Crème</mark> " + "x" * 199 + "…"),
        ("y" * 300 + " server", "server", "…" + "y" * 79 + " <mark>server</mark>"),
    ],
)
def test_the_part_of_a_text_around_what_was_found(text: str, query: str, html: str) -> None:
    assert marked(text, parse(query).words) == html


def part(client: Client, **fields: str) -> str:
    return client.get("/search/", fields, headers={"hx-request": "true"}).content.decode()


def test_a_part_for_a_rooms_page_holds_what_was_said_there(said: None) -> None:
    here = part(Client(), q="the", room="den")
    assert "<html" not in here
    assert "in <mark>the</mark> den" in here
    assert "SERVER" not in here
    assert "1 message, newest first" in here
    assert 'href="/search/?q=the"' in here, "on to all rooms"
    assert "SERVER" in part(Client(), q="the in:lobby", room="den"), "who names another room means that"
    assert "Nothing was found in this room." in part(Client(), q="server", room="den")
    assert 'href="/chat/' not in part(Client(), q="", room="den")


def test_the_next_part_of_what_was_found_in_a_room_is_of_that_room(ada: Identity) -> None:
    say(ada, *(f"word {number}" for number in range(60)), room="den")
    say(ada, "word elsewhere")
    index()
    first = part(Client(), q="word", room="den")
    address = unescape(first.split('hx-get="')[1].split('"')[0])
    rest = Client().get(address, headers={"hx-request": "true"}).content.decode()
    assert [first.count("<li><a "), rest.count("<li><a ")] == [PAGE, 10]
    assert "elsewhere" not in first + rest


def test_what_cannot_be_searched_for_is_said_in_the_part_too(said: None) -> None:
    answer = Client().get("/search/", {"q": "before:x", "room": "den"}, headers={"hx-request": "true"})
    assert answer.status_code == 400
    assert "x is not a day" in answer.content.decode()


def test_without_htmx_the_room_is_a_word_of_the_search(said: None) -> None:
    assert Client().get("/search/", {"q": "the", "room": "den"})["Location"] == "/search/?q=the+in%3Aden"
    assert "in <mark>the</mark> den" in Client().get("/search/?q=the+in%3Aden").content.decode()


def test_days_bound_what_is_found(ada: Identity) -> None:
    say(ada, *(f"word {day}" for day in range(1, 10)))
    for message in Message.objects.all():
        Message.objects.filter(pk=message.pk).update(sent_at=datetime(2026, 1, message.seq, 12, tzinfo=UTC))
    index()
    assert found("word after:2026-01-04 before:2026-01-07") == ["word 6", "word 5", "word 4"]
    assert found("after:2026-01-09") == ["word 9"]
    assert found("word before:2026-01-02") == ["word 1"]
    assert found("word after:2026-01-10") == []


def test_a_direct_room_has_the_names_of_its_people_and_is_searched_by_them() -> None:
    users = [User.objects.create_user(name) for name in ("ada", "Bob Byron", "mallory")]
    ada, bob, mallory = [Identity(f"user-{user.pk}", user.username, ticket=Ticket("", user.pk, "")) for user in users]
    say(ada, "a secret", room=(room := direct_name([users[0].pk, users[1].pk])))
    say(ada, "no secret")
    index()
    for typed in ('secret in:"@bob byron"', f"secret in:{room}"):
        assert found(typed, ada) == ["a secret"]
    assert found("in:@ada", bob) == ["a secret"]
    for stranger in (mallory, None):
        assert found("in:@ada", stranger) == found(f"in:{room}", stranger) == []
    assert found("in:@nobody in:@ada", ada) == []
    client = Client()
    client.force_login(users[0])
    page = client.get("/search/", {"q": "secret"}).content.decode()
    assert "<bdi>Bob Byron</bdi>" in page
    assert f"/chat/{room}/?at=1" in page
    assert f"<bdi>{room}</bdi>" not in page
