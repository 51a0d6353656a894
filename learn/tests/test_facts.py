"""What a demo's page says about it: its route, its limits, the page of the documentation, and all differences."""

import re
from functools import cache

import pytest
from django.test import Client
from django.utils.html import escape

from learn import guard, routing
from learn.bounds import limits
from learn.catalog import DEMOS, ROOT, Demo
from learn.documentation import ADDRESS, PAGES
from learn.routes import routes

each_demo = pytest.mark.parametrize("demo", DEMOS.values(), ids=DEMOS)

# The sections of the documentation of Channels 4.3 that the demos follow, by page.
SECTIONS = {
    "introduction.html": {"what-is-a-consumer", "routing-and-multiple-protocols"},
    "tutorial/part_2.html": {"write-your-first-consumer", "enable-a-channel-layer"},
    "tutorial/part_3.html": {"rewrite-the-consumer-to-be-asynchronous"},
    "topics/authentication.html": {"how-to-log-a-user-in-out"},
    "topics/channel_layers.html": {"single-channels", "groups", "in-memory-channel-layer"},
    "topics/consumers.html": {
        "basic-layout", "closing-consumers", "scope", "websocketconsumer", "asyncwebsocketconsumer",
        "jsonwebsocketconsumer", "asynchttpconsumer",
    },
    "topics/databases.html": {"", "database-sync-to-async"},
    "topics/routing.html": {"", "protocoltyperouter"},
    "topics/testing.html": {""},
    "topics/worker.html": {""},
}  # fmt: skip


@cache
def page_of(slug: str) -> str:
    return Client().get(f"/learn/{slug}/").content.decode()


@pytest.fixture(scope="module")
def addresses() -> str:
    return Client().get("/learn/addresses/").content.decode()


@each_demo
def test_its_page_shows_the_lines_of_the_routing_that_lead_to_it(demo: Demo, addresses: str) -> None:
    page = page_of(demo.slug)
    shown = routes(demo)
    assert shown
    for route in shown:
        assert (ROOT / route.file).read_text().splitlines()[route.number - 1].strip().rstrip(",") == route.text
        assert f"<code>{escape(route.text)}</code>" in page
        assert f'href="/learn/addresses/#{route.anchor}"' in page
        assert f'id="{route.anchor}"' in addresses
    consumers = demo.consumer.split(", ")
    assert any(name in route.text for route in shown for name in [*consumers, f"{demo.module}.", "application"])


def test_every_address_of_a_demo_is_on_a_page() -> None:
    shown = {route.text for demo in DEMOS.values() for route in routes(demo)}
    source = (ROOT / "learn/routing.py").read_text()
    lines = [line.strip().rstrip(",") for line in source.splitlines() if re.match(r"    (path|re_path|room)\(", line)]
    of_no_demo = [line for line in lines if "/room/" in line or line.startswith('re_path("", ')]
    assert len(lines) > len(DEMOS)
    assert set(lines) - shown == set(of_no_demo)
    assert len(routing.websocket_urlpatterns) + len(routing.http_urlpatterns) == len(lines)  # there are no others


@each_demo
def test_its_page_names_its_limits(demo: Demo) -> None:
    page = page_of(demo.slug)
    assert limits(demo)
    for limit in limits(demo):
        assert f"<li>{escape(limit)}</li>" in page


def test_the_limits_are_those_of_the_guard(monkeypatch: pytest.MonkeyPatch) -> None:
    said = " ".join(limits(DEMOS["echo-sync"]) + limits(DEMOS["sse"]))
    for number in (guard.FRAME_MAX // 1024, guard.BODY_MAX // 1024, guard.TOO_BIG, round(1 / guard.PACE)):
        assert re.search(rf"\b{number}\b", said)
    assert f"{guard.OPEN_MAX:,}" in said


@each_demo
def test_its_page_leads_to_the_documentation_that_it_follows(demo: Demo) -> None:
    page, _, section = PAGES[demo.slug].partition("#")
    assert section in SECTIONS[page]
    assert f'<a href="{ADDRESS}{PAGES[demo.slug]}">{escape(demo.topic)}</a>' in page_of(demo.slug)


@each_demo
def test_its_page_lists_every_difference(demo: Demo) -> None:
    page = page_of(demo.slug)
    assert demo.differs
    for sentence in demo.differs:
        assert f"<li>{escape(sentence)}</li>" in page
