"""A server, a browser, and people who sit in it. With BASE_URL set, the journeys go to that address instead."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Page, expect

from e2e.browser import chromium
from e2e.faults.front import Front
from e2e.servers import Server

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True}

collect_ignore = [] if os.environ.get("COMPOSE_TEST") else ["compose"]  # make compose-test

expect.set_options(timeout=15_000)  # of a condition that is awaited: the machine may be busy with other tests

# What a browser says of an answer that a test asked for on purpose, such as a form that is refused.
EXPECTED = ("the server responded with a status of 4", "WebSocket connection to", "net::ERR_", "htmx:")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(item.fspath).parent.name == "e2e":
            item.add_marker("e2e")
        if os.environ.get("BASE_URL") and item.get_closest_marker("faults"):
            item.add_marker(pytest.mark.skip(reason=OWN_SERVER))


OWN_SERVER = "needs a server of its own, which it may stop or look into; BASE_URL names another"


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    if os.environ.get("BASE_URL"):
        pytest.skip(OWN_SERVER)
    server = Server(tmp_path_factory.mktemp("server"), options=("--follow",))
    server.manage("migrate", "--verbosity", "0")
    yield server.start()
    server.stop()


@pytest.fixture
def front(server: Server) -> Iterator[Front]:
    """A line to the server that fails on demand."""
    front = Front(server.port)
    yield front
    front.stop()


@pytest.fixture(scope="session")
def base_url(request: pytest.FixtureRequest) -> str:
    return os.environ.get("BASE_URL", "").rstrip("/") or request.getfixturevalue("server").url


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def room() -> str:
    return f"room-{uuid4().hex[:10]}"


NewPage = Callable[..., Page]


@pytest.fixture
def visitor(browser: Browser, base_url: str) -> Iterator[NewPage]:
    """Makes visitors, each in a browser of their own; at the end none of them has seen an error or a CSP violation."""
    contexts, complaints = [], []

    def visitor(**options: Any) -> Page:
        context = browser.new_context(**({"base_url": base_url} | options))
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda message: message.type == "error" and complaints.append(message.text))
        page.on("dialog", lambda dialog: (complaints.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        return page

    yield visitor
    for context in contexts:
        context.close()
    assert [each for each in complaints if not any(expected in each for expected in EXPECTED)] == []


def enter(page: Page, room: str) -> Page:
    page.goto(f"/chat/{room}/")
    return is_ready(page)


def is_ready(page: Page) -> Page:
    """Waits until the line is open and all parts of the page are there."""
    page.locator(".connection[data-state=open]").wait_for(state="attached")
    page.locator("#room[data-ready]").wait_for()
    return page


def say(page: Page, text: str) -> None:
    page.locator("#chat-message-input").fill(text)
    page.keyboard.press("Control+Enter")  # on a touch screen, Enter alone begins a line


def are_stored(page: Page, count: int) -> None:
    """Waits until so many messages of one's own are stored, and shown so: what was just said is not there at once."""
    expect(page.locator(".message.mine[id^=m]")).to_have_count(count)


def open_menu(page: Page) -> None:
    """One's own, at the foot of the list of rooms."""
    page.locator(".mine-menu > summary").click()


def sees(page: Page, texts: list[str]) -> None:
    """Waits until the log holds these texts, in this order, and nothing else but what is not stored yet."""
    expect(page.locator(".message:not(.pending, .failed) .text")).to_have_text(texts, use_inner_text=True)


def sign_in(page: Page, name: str, password: str) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.locator(".who .account").wait_for()
