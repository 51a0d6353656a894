"""The wire inspector: the frames of this browser, on each transport, and nothing of it before it is opened."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from e2e.conftest import NewPage
from e2e.servers import Server

TRANSPORTS = [("Use a WebSocket", "websocket"), ("Use SSE", "events"), ("Use poll", "poll")]


@pytest.fixture(scope="module")
def debugged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """As `make run` serves it."""
    server = Server(tmp_path_factory.mktemp("debugged"), DEBUG="1")
    server.manage("migrate", "--verbosity", "0")
    yield server.start()
    server.stop()


def opened(visitor: NewPage, room: str) -> Page:
    page = visitor()
    page.goto(f"/chat/{room}/#wire")
    expect(page.locator(".wire")).to_be_visible()
    expect(page.locator(".connection[data-state=open]")).to_be_attached()
    return page


def say(page: Page, text: str) -> None:
    page.locator("#chat-message-input").fill(text)
    page.locator("#chat-message-input").press("Enter")
    expect(page.locator(".messages").get_by_text(text)).to_be_visible()


def press(page: Page, name: str) -> None:
    page.locator(".wire").get_by_role("button", name=name, exact=True).click()


def test_a_room_loads_nothing_of_it_until_it_is_opened(visitor: NewPage) -> None:
    page = visitor()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/chat/closed-wire/")
    expect(page.locator("#room[data-ready]")).to_be_attached()
    assert not [url for url in asked if "/wire/" in url]
    assert page.evaluate("WebSocket.toString().includes('native code') && fetch.toString().includes('native code')")


@pytest.mark.parametrize(("button", "transport"), TRANSPORTS)
def test_a_message_and_its_acknowledgement_are_seen_on_each_transport(
    visitor: NewPage, button: str, transport: str
) -> None:
    page = opened(visitor, f"wire-{transport}")
    press(page, button)
    expect(page.locator(f".connection[data-state=open][data-transport={transport}]")).to_be_attached(timeout=15_000)
    say(page, f"hello by {transport}")
    expect(page.locator(".wire .out").filter(has_text=re.compile("message|frame")).first).to_be_visible()
    expect(page.locator(".wire .ladder li").last).to_have_text("1", timeout=10_000)


def test_a_line_that_is_cut_comes_back_and_numbers_show_a_replay(visitor: NewPage) -> None:
    page = opened(visitor, "wire-cut")
    for text in ("one", "two", "three", "four"):
        say(page, text)
    expect(page.locator(".wire .ladder li").last).to_have_text("4")
    expect(page.locator(".wire-frames").get_by_text(re.compile("ack.* ms after")).first).to_be_visible()
    press(page, "Come back from n − 3")
    expect(page.locator(".wire .ladder .again")).to_have_text(["2 again", "3 again", "4 again"])
    expect(page.locator(".messages article")).to_have_count(4)
    press(page, "Send again with the same id")
    press(page, "Cut my line")
    expect(page.locator(".connection[data-state=open]")).to_be_attached(timeout=10_000)
    say(page, "five")
    expect(page.locator(".messages article")).to_have_count(5)


def test_closed_it_leaves_the_room_as_it_was(visitor: NewPage) -> None:
    page = opened(visitor, "wire-closed")
    page.keyboard.press("Escape")
    expect(page.locator(".wire")).to_have_count(0)
    assert page.evaluate("WebSocket.toString().includes('native code')")
    say(page, "still here")


@pytest.mark.parametrize(("button", "transport"), TRANSPORTS)
def test_with_debug_the_servers_half_is_shown_on_each_transport(
    visitor: NewPage, debugged: Server, button: str, transport: str
) -> None:
    page = visitor(base_url=debugged.url)
    page.goto(f"/chat/stages-{transport}/#wire")
    expect(page.locator(".wire").get_by_text("Say something, and here is")).to_be_visible()
    press(page, button)
    expect(page.locator(f".connection[data-state=open][data-transport={transport}]")).to_be_attached()
    say(page, "how far did you come?")
    stages = page.locator(".wire .stages li")
    expect(stages.locator("small")).to_have_text(["submitted", "batch of 1", "committed", "fed", "published"])
    expect(stages.nth(3)).to_have_text(re.compile(r"^\d+\.\dfed$"))
    expect(page.locator(".wire").get_by_text(re.compile("^Number 1, in milliseconds"))).to_be_visible()
    press(page, "Send again with the same id")
    expect(page.locator(".wire").get_by_text("Stored before, as number 1.")).to_be_visible()
    assert "stages" not in page.locator(".wire-frames").inner_text()


def test_without_debug_nothing_of_the_server_is_shown(visitor: NewPage) -> None:
    page = opened(visitor, "wire-alone")
    say(page, "hello")
    expect(page.locator(".wire .ladder li").last).to_have_text("1")
    expect(page.locator(".wire section")).to_be_hidden()
