"""A number in an address, a query or a frame that no room could have reached is refused, and nothing fails over it."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from channels.db import database_sync_to_async

from accounts.models import User
from chat.identity import Identity
from chat.models import Message
from chat.tests import posted
from conftest import Open

NO_NUMBERS = {
    "20 digits": "9" * 20,
    "5,000 digits": "9" * 5000,
    "64 bits": "9223372036854775807",
    "negative": "-1",
    "signed": "+1",
    "a fraction": "1.5",
    "exponent": "1e3",
    "hexadecimal": "0x1",
    "underscored": "1_0",
    "spaced": " 1",
    "full width": "１",
    "Arabic": "١",
    "superscript": "²",
    "a word": "one",
    "NUL": "\0",
    "not UTF-8": b"\xff",
}
QUERIES = ["?before={}", "history/?before={}", "events/?after={}", "poll/?wait=0&after={}", "poll/?wait={}"]
FORMS = {
    "messages/{}/": {"message": "x"},
    "messages/{}/delete/": {},
}


@pytest.fixture(autouse=True)
async def said(opened: Open, ada: Identity) -> None:
    await database_sync_to_async(posted.say)(author=ada, text="hello")


@pytest.mark.parametrize("query", QUERIES)
async def test_in_a_query_it_is_a_bad_request(web: httpx.AsyncClient, query: str) -> None:
    for kind, number in NO_NUMBERS.items():
        assert (await web.get(f"/chat/lobby/{query.format(quote(number))}")).status_code == 400, kind


@pytest.mark.parametrize("query", QUERIES)
async def test_so_is_one_that_is_given_twice(web: httpx.AsyncClient, query: str) -> None:
    query = query.format(1)
    assert (await web.get(f"/chat/lobby/{query}&{query.rpartition('?')[2].split('&')[-1]}")).status_code == 400


async def test_a_stream_says_so_of_the_last_id_that_it_is_given(web: httpx.AsyncClient) -> None:
    for kind, number in NO_NUMBERS.items():
        value = number if isinstance(number, bytes) else number.encode()
        answer = await web.get("/chat/lobby/events/", headers=[(b"last-event-id", value)])
        assert (answer.status_code, answer.json()["code"]) == (400, "bad_frame"), kind


async def test_and_of_two_last_ids(web: httpx.AsyncClient) -> None:
    assert (await web.get("/chat/lobby/events/", headers=[(b"last-event-id", b"1")] * 2)).status_code == 400


async def test_a_socket_is_closed_with_4400(opened: Open) -> None:
    for number in [*map(quote, NO_NUMBERS.values()), "1&after=1"]:
        line = await opened(f"/ws/chat/lobby/?after={number}")
        assert (await line.receive())["code"] == "bad_frame", number
        assert await line.close_code() == 4400


@pytest.mark.parametrize("path", FORMS)
async def test_in_the_path_of_a_form_it_is_not_found(web: httpx.AsyncClient, path: str) -> None:
    for number in [*NO_NUMBERS.values(), "0", "01"]:
        answer = await web.post(f"/chat/lobby/{path.format(quote(number))}", data=FORMS[path])
        assert answer.status_code == 404, number


@pytest.mark.parametrize("path", FORMS)
async def test_a_number_that_no_message_has_is_refused(web: httpx.AsyncClient, path: str) -> None:
    for number in ("2", "9" * 18):
        answer = await web.post(f"/chat/lobby/{path.format(number)}", data=FORMS[path])
        assert answer.status_code == 403, number


async def test_in_a_frame_it_is_a_bad_frame(opened: Open, web: httpx.AsyncClient) -> None:
    for id in (-1, 0, 10**18, 10**30, 1.0, True, None, "1", "１", [1]):
        frame = {"type": "react", "id": id, "emoji": "👍", "on": True}
        line = await opened()
        await line.send(**frame)
        assert (await line.receive_type("error"))["code"] == "bad_frame", id
        answer = await web.post("/chat/lobby/frames/", json=frame, headers={"accept": "application/json"})
        assert (answer.status_code, answer.json()["code"]) == (400, "bad_frame"), id


@pytest.mark.parametrize("raw", ["9" * 5000, "1e999", "-0", "NaN", "Infinity"], ids=lambda raw: raw[:9])
async def test_whatever_json_takes_for_a_number(web: httpx.AsyncClient, raw: str) -> None:
    frame = json.dumps({"type": "react", "id": 0, "emoji": "👍", "on": True}).replace('"id": 0', f'"id": {raw}')
    answer = await web.post("/chat/lobby/frames/", content=frame, headers={"accept": "application/json"})
    assert answer.status_code == 400


@pytest.fixture
def staff(transactional_db: None) -> Iterator[Any]:
    from django.test import Client

    client = Client()
    client.force_login(User.objects.create_superuser("root"))
    return client


def test_the_admins_pages_do_not_fail_either(staff: Any) -> None:
    """They read numbers as Python does, so some of these are some."""
    for number in ("9" * 20, "9" * 500, "-1", "１", "one", "1_0"):
        for path in (f"chat/room/{number}/change/", f"accounts/user/{number}/password/", f"r/{number}/{number}/"):
            assert staff.get(f"/admin/{path}").status_code in (200, 302, 404), path
        for query in (f"p={number}", f"id={number}", f"o={number}"):
            assert staff.get(f"/admin/chat/room/?{query}").status_code in (200, 302, 400), query
        assert staff.get("/chat/", {"page": number}).status_code == 200


async def test_nothing_of_it_was_stored(web: httpx.AsyncClient) -> None:
    for path, fields in FORMS.items():
        await web.post(f"/chat/lobby/{path.format('9' * 20)}", data=fields)
    message = await Message.objects.aget()
    assert (message.text, message.changed_seq, message.parts) == ("hello", 1, "")
