"""Django's own views, over the same ASGI application."""

from channels.testing import HttpCommunicator
from django.test import AsyncClient, Client

from learn.notes import NOTES
from mysite.asgi import application
from mysite.handler import SYNCHRONOUS


def test_the_synchronous_view_answers() -> None:
    assert Client().get("/learn/views/live/sync/").json() == {"view": "sync", "seconds": 0.2}


async def test_the_asynchronous_view_answers() -> None:
    answer = await AsyncClient().get("/learn/views/live/async/")
    assert answer.json() == {"view": "async", "seconds": 0.2}


async def test_both_are_reached_through_the_routing_of_the_consumers() -> None:
    headers = [(b"host", b"localhost")]
    for name in (b"sync", b"async"):
        request = HttpCommunicator(application, "GET", f"/learn/views/live/{name.decode()}/", headers=headers)
        answer = await request.get_response(timeout=5)
        assert answer["status"] == 200
        assert name in answer["body"]


def test_what_is_no_get_is_refused() -> None:
    assert Client().post("/learn/views/live/sync/").status_code == 405


def test_the_note_says_how_many_threads_there_are() -> None:
    assert f"the classroom has {len(SYNCHRONOUS['/learn/'].requests)} for all" in NOTES["views"]["time.sleep(0.2)"]
