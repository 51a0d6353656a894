"""No page may be kept by a cache, whatever its address and whoever asks; static files may."""

import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from channels.testing import HttpCommunicator
from django.conf import settings
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, resolve

from accounts.models import User
from chat.identity import Identity
from chat.routing import http_urlpatterns as streams
from chat.tests import posted
from conftest import HOST, Open
from learn.routing import http_urlpatterns as demos

SAMPLES = {"room": "lobby", "id": "1", "slug": "echo-sync", "here": "here", "app_label": "chat", "object_id": "1",
           "content_type_id": "1", "url": "nowhere", "query": "1", "name": "chat", "digest": "0",
           "language": "en", "code": "0", "act": "ban", "pk": "1", "fault": "redis", "number": "3"}  # fmt: skip
PUBLIC = {"/manifest.webmanifest", "/chat/emoji.json"}


def addresses(patterns: list[Any], before: str = "") -> Iterator[str]:
    for each in patterns:
        path = before + sample(str(each.pattern))
        if isinstance(each, URLResolver):
            yield from addresses(each.url_patterns, path)
        elif isinstance(each, URLPattern):
            yield f"/{path}"


def sample(route: str) -> str:
    """An address of a route such as `<room:room>/messages/`, or of a regular expression."""
    route = re.sub(r"<(?:\w+:)?(\w+)>", lambda match: SAMPLES[match[1]], route)
    route = re.sub(r"\(\?P(\w+|[^()]*?)\((?:[^()]*)\)\)|\(\?P([^()\[\]]+)[^()]*\)", _named, route)
    return route.removeprefix("^").removesuffix("$").removesuffix("\\Z")


def _named(match: re.Match[str]) -> str:
    return SAMPLES.get((match[1] or match[2] or "").strip(".*"), "chat")


PAGES = sorted(set(addresses(get_resolver().url_patterns)) - PUBLIC)
LIVE = [path for path in addresses([*streams, *demos]) if path.endswith("/") and len(path) > 1]
NOWHERE = [
    "/nowhere",
    "/chat/a.b/",
    "/chat/admin/",
    "/chat/lobby/messages/1/nothing/",
    "/chat/lobby",
    "/static/none.js",
]


@pytest.fixture
def people(transactional_db: None, ada: Identity) -> list[Client]:
    """A guest, and staff."""
    posted.say(author=ada, text="hello")
    staff = Client()
    staff.force_login(User.objects.create_superuser("root"))
    return [Client(), staff]


def assert_is_not_kept(answer: Any) -> None:
    assert answer["Cache-Control"] == "private, no-store"
    assert {"Cookie", "Accept", "HX-Request"} <= {name.strip() for name in answer["Vary"].split(",")}


def test_all_addresses_are_known_here() -> None:
    for path in PAGES:
        resolve(path)
    assert {"/chat/", "/chat/lobby/", "/chat/lobby/messages/1/", "/admin/chat/room/1/change/", "/learn/"} <= set(PAGES)
    assert {"/chat/lobby/events/", "/chat/lobby/poll/", "/learn/sse/live/"} <= set(LIVE)


def test_no_page_and_no_refusal_may_be_kept(people: list[Client]) -> None:
    for path in PAGES + NOWHERE:
        for person in people:
            assert_is_not_kept(person.get(path))
        form = {"message": "x", "name": "x"}
        assert_is_not_kept(people[0].post(path, form, headers={"accept": "application/json"}))


def test_nor_what_is_refused_before_there_is_a_view(people: list[Client]) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert_is_not_kept(strict.post("/chat/lobby/messages/", {"message": "x"}))
    assert_is_not_kept(strict.get("/chat/lobby/", headers={"host": "elsewhere.example"}))
    assert_is_not_kept(strict.post("/chat/lobby/messages/", "x", content_type="text/plain; charset=utf-7"))


@pytest.mark.parametrize("path", LIVE)
@pytest.mark.parametrize("host", [HOST, (b"host", b"elsewhere.example")], ids=["", "refused"])
async def test_nor_what_is_answered_before_django(opened: Open, path: str, host: tuple[bytes, bytes]) -> None:
    from mysite.asgi import application

    request = HttpCommunicator(application, "GET", path + ("?wait=0" if "poll" in path else ""), headers=[host])
    await request.send_input({"type": "http.request", "body": b""})
    start = await request.receive_output(timeout=5)
    headers = {name.decode().lower(): value.decode().lower() for name, value in start["headers"]}
    assert headers["cache-control"] == "private, no-store"
    assert "cookie" in headers["vary"]
    await request.send_input({"type": "http.disconnect"})
    await request.wait()


async def test_static_files_may_be_kept(web: httpx.AsyncClient) -> None:
    answer = await web.get(f"/{settings.STATIC_URL.strip('/')}/chat/room.js")
    assert answer.status_code == 200
    assert "max-age" in answer.headers["cache-control"]
    assert "private" not in answer.headers["cache-control"]
