"""The wire inspector: the frames of this browser, on each transport, and nothing of it before it is opened."""

import re

import pytest
from playwright.sync_api import Page, expect

from e2e.conftest import NewPage


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


@pytest.mark.parametrize(
    ("button", "transport"), [("Use a WebSocket", "websocket"), ("Use SSE", "events"), ("Use poll", "poll")]
)
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
