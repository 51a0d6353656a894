"""Parts of the past: around a message, before and after it, without gap or repeat."""

import re
from datetime import UTC
from uuid import uuid4

import pytest
from django.test import Client

from chat import pages
from chat.identity import Identity
from chat.models import Room
from chat.tests.posted import carry_out, delete, say
from chat.verbs import Delete, Say

pytestmark = pytest.mark.django_db(transaction=True)


def shown(html: str) -> list[int]:
    return [int(id) for id in re.findall(r'<article [^>]*id="m(\d+)"', html)]


def link(html: str, kind: str) -> str | None:
    found = re.search(rf'<a class="{kind}"[^>]*hx-get="([^"]*)"', html)
    return found[1] if found else None


@pytest.fixture
def room(ada: Identity) -> Room:
    carry_out([Say("lobby", ada, str(n), uuid4()) for n in range(1, 301)])
    return Room.objects.get()


def test_a_page_at_a_message_has_25_on_either_side_and_marks_it(room: Room) -> None:
    page = pages.of(room, pages.Place(at=150), UTC, is_whole=True)
    assert shown(page.html) == list(range(125, 176))
    assert re.search(r'<article class="message continues at" id="m150"', page.html)
    assert page.html.count(' at"') == 1
    assert (link(page.html, "older"), link(page.html, "newer")) == (
        "/chat/lobby/history/?before=125",
        "/chat/lobby/history/?after=175",
    )
    assert page.is_past


@pytest.mark.parametrize(("at", "first", "last"), [(1, 1, 26), (26, 1, 51), (275, 250, 300), (300, 275, 300)])
def test_at_the_ends_there_are_fewer(room: Room, at: int, first: int, last: int) -> None:
    page = pages.of(room, pages.Place(at=at), UTC)
    assert shown(page.html) == list(range(first, last + 1))
    assert (link(page.html, "older") is None) == (first == 1)
    assert page.is_past == (last < 300)


def test_going_on_in_both_directions_shows_each_message_once(room: Room, client: Client) -> None:
    html = client.get("/chat/lobby/?at=150").content.decode()
    seen = shown(html)
    for kind in ("older", "newer"):
        part = html
        while address := link(part, kind):
            part = client.get(address).content.decode()
            assert link(part, "newer" if kind == "older" else "older") is None
            seen = shown(part) + seen if kind == "older" else seen + shown(part)
    assert seen == list(range(1, 301))


def test_a_message_that_is_gone_says_so_in_its_place(room: Room, ada: Identity) -> None:
    delete(author=ada, id=150)
    html = pages.of(Room.objects.get(), pages.Place(at=150), UTC).html
    assert shown(html) == [*range(125, 150), *range(151, 177)]
    assert html.index('id="m149"') < html.index("This message was deleted.") < html.index('id="m151"')


def test_so_does_the_last_one_and_one_that_never_was(room: Room, ada: Identity) -> None:
    delete(author=ada, id=300)
    for at in (300, 10**17):
        html = pages.of(Room.objects.get(), pages.Place(at=at), UTC).html
        assert html.index('id="m299"') < html.index("This message was deleted.")


def test_a_long_run_of_deleted_messages_is_passed(room: Room, ada: Identity) -> None:
    carry_out([Delete("lobby", ada, id) for id in range(100, 200)])
    html = pages.of(Room.objects.get(), pages.Place(at=150), UTC).html
    assert shown(html) == [*range(75, 100), *range(200, 226)]


def test_the_source_of_a_message_is_what_was_typed(ada: Identity, client: Client) -> None:
    say(author=ada, text="**loud** & <b>")
    assert client.get("/chat/lobby/messages/1/").json()["text"] == "**loud** & <b>"
    delete(author=ada, id=1)
    assert client.get("/chat/lobby/messages/1/").json()["type"] == "deleted"
    assert client.get("/chat/lobby/messages/2/").status_code == 404
    assert client.get("/chat/den/messages/1/").status_code == 404


@pytest.mark.parametrize("query", ["at=x", "at=-1", "after=1.5", "before=1&before=2", "at=" + "9" * 30])
@pytest.mark.parametrize("path", ["/chat/lobby/", "/chat/lobby/history/"])
def test_an_address_that_makes_no_sense_is_refused(client: Client, path: str, query: str) -> None:
    assert client.get(f"{path}?{query}").status_code == 400


def test_nobody_else_sees_a_part_of_a_closed_rooms_past(room: Room, client: Client) -> None:
    Room.objects.update(kind="closed")
    for address in ("?at=1", "?after=1", "history/?after=1", "messages/1/"):
        assert client.get(f"/chat/lobby/{address}").status_code == 404
