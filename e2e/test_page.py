"""What the page is made of: light, accessible in both themes, and of use without JavaScript."""

import gzip
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Response, expect

from e2e.conftest import PHONE, NewPage, are_stored, enter, open_menu, say

DESKTOP = {"viewport": {"width": 1280, "height": 800}}

# On the element itself, or around the field that it stands in.
FOCUS_IS_SEEN = """() => {
  const { activeElement: focused, body } = document
  const outlined = [focused, focused.closest(".well")].filter(Boolean)
  return focused === body || outlined.some((each) => getComputedStyle(each).outlineStyle !== "none")
}"""


def violations(page: Page) -> list[str]:
    results: dict[str, Any] = Axe().run(page).response
    return [f"{rule['id']}: {node['html']}" for rule in results["violations"] for node in rule["nodes"]]


@pytest.mark.parametrize("screen", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_in_lobby_and_room(visitor: NewPage, room: str, theme: str, screen: dict[str, Any]) -> None:
    ada, bob = visitor(color_scheme=theme, **screen), enter(visitor(), room)
    enter(ada, room)
    say(ada, "hello https://example.com")
    say(bob, "welcome")
    expect(ada.locator(".message:not(.pending)")).to_have_count(2)
    say(ada, "x" * 4001)
    assert violations(ada) == []
    if screen is PHONE:
        ada.get_by_role("button", name="Rooms").click()
        ada.wait_for_timeout(200)  # the panel slides in
        assert violations(ada) == []
    ada.goto("/chat/")
    assert violations(ada) == []
    ada.goto("/chat/?room=%3C")
    assert violations(ada) == []


@pytest.mark.parametrize("locale", ["en-GB", "zh-CN"])
def test_one_can_write_after_60_kb_in_at_most_12_requests(visitor: NewPage, room: str, locale: str) -> None:
    ada = enter(visitor(), room)
    say(ada, "hello")
    are_stored(ada, 1)
    first = visitor(locale=locale)
    responses: list[Response] = []
    first.on("response", lambda response: responses.append(response))
    enter(first, room)
    first.wait_for_load_state("networkidle")
    assert all(response.ok for response in responses)
    needed = first.evaluate(
        """() => {
          const [{ startTime: ready }] = performance.getEntriesByName("ready to write")
          return performance.getEntriesByType("resource").filter((e) => e.startTime < ready).map((e) => e.name)
        }"""
    )
    sizes = {each.url: len(gzip.compress(each.body())) for each in responses if each.url in {first.url, *needed}}
    assert len(sizes) <= 12, sizes
    assert sum(sizes.values()) < 60_000, sizes


def test_without_javascript_one_reads_writes_and_pages_back(visitor: NewPage, room: str) -> None:
    ada = visitor(java_script_enabled=False)
    ada.goto("/chat/")
    ada.locator("#room-name-input").fill(room)
    ada.keyboard.press("Enter")
    ada.wait_for_url(f"**/chat/{room}/")
    for n in range(51):
        ada.locator("#chat-message-input").fill(f"message {n}")
        ada.get_by_role("button", name="Send").click()
        expect(ada.locator(".message .text").last).to_have_text(f"message {n}")
    ada.get_by_role("link", name="Older messages").click()
    expect(ada.locator(".message .text")).to_have_text("message 0")
    ada.get_by_role("link", name="Jump to the newest").click()
    expect(ada.locator(".message .text").last).to_have_text("message 50")
    open_menu(ada)
    ada.get_by_label("Your name").fill("Ada")
    ada.get_by_role("button", name="Save").click()
    expect(ada.get_by_label("Your name")).to_have_value("Ada")


def test_by_keyboard_alone_one_gets_everywhere(visitor: NewPage, room: str) -> None:
    ada = enter(visitor(), room)
    expect(ada.locator("#chat-message-input")).to_be_focused()
    reached = set()
    for _ in range(70):  # past all the rooms that are listed
        ada.keyboard.press("Tab")
        reached.add(ada.evaluate("document.activeElement.id || document.activeElement.textContent.trim()"))
        assert ada.evaluate(FOCUS_IS_SEEN)
    assert {"chat-message-submit", "chat/ Rooms", "chat-log"} <= reached


def test_nothing_moves_for_who_asked_for_reduced_motion(visitor: NewPage, room: str) -> None:
    ada = enter(visitor(reduced_motion="reduce", **PHONE), room)
    assert ada.locator(".sidebar").evaluate("(e) => getComputedStyle(e).transitionDuration") == "0s"


def test_without_javascript_a_phone_shows_the_rooms_and_the_name(visitor: NewPage, room: str) -> None:
    ada = visitor(java_script_enabled=False, **PHONE)
    ada.goto(f"/chat/{room}/")
    expect(ada.get_by_role("navigation", name="Rooms")).to_be_visible()
    open_menu(ada)
    expect(ada.get_by_label("Your name")).to_be_visible()
