"""Zoomed in, or on a phone on its side: the words have the room, and everything can still be reached."""

from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from e2e.conftest import NewPage, enter
from e2e.test_look import LINE, conversation, fits, screen

# 1280 by 1024 at 200 % and at 400 %, 1280 by 720 at 400 %, and a phone on its side with its keyboard out.
SIZES = [(640, 512), (320, 256), (320, 180), (844, 200)]
SAID = 60  # messages: more than the page begins with

LOG_HEIGHT = """() => {
  const log = document.getElementById("chat-log").getBoundingClientRect()
  return Math.min(log.bottom, document.querySelector(".foot").getBoundingClientRect().top) - Math.max(log.top, 0)
}"""

# Of the focused element: its words, and whether one sees it, with nothing lying over it. That the log has scrolled is
# told to the page with the next frame; then it takes away what lies over the messages.
FOCUSED = """async () => {
  const FRAMES = 60
  const e = document.activeElement
  if (e === document.body) return null
  e.dataset.reached = "yes"
  const isSeen = () => {
    const { top, bottom, left, right, height } = e.getBoundingClientRect()
    const [above, below] = [Math.max(top, 0), Math.min(bottom, innerHeight)]
    const hit = document.elementFromPoint((Math.max(left, 0) + Math.min(right, innerWidth)) / 2, (above + below) / 2)
    return below - above >= Math.min(height, 16) && e.contains(hit)
  }
  for (let n = 0; n < FRAMES && !isSeen(); n++) await new Promise(requestAnimationFrame)
  return [`${e.tagName} ${e.id || e.className} ${(e.ariaLabel || e.textContent).trim().slice(0, 30)}`, isSeen()]
}"""

NOT_REACHED = """() => {
  const CONTROLS = "a[href], button, input:not([type=hidden]), textarea, select, summary, [tabindex]"
  const isOffered = (e) => e.tabIndex >= 0 && e.checkVisibility({ visibilityProperty: true }) && !e.closest("[inert]")
  const missed = [...document.querySelectorAll(CONTROLS)].filter((e) => isOffered(e) && !e.dataset.reached)
  return missed.map((e) => e.outerHTML)
}"""


@pytest.fixture(params=SIZES, ids=str)
def ada(request: pytest.FixtureRequest, visitor: NewPage, room: str) -> Page:
    conversation(visitor, room, SAID)
    return enter(visitor(**screen(*request.param)), room)


def roll(page: Page, by: int) -> None:
    """The wheel, over the messages."""
    page.mouse.move(100, 60)
    page.mouse.wheel(0, by)


def test_the_log_shows_three_lines_and_the_end_of_it(ada: Page) -> None:
    expect(ada.locator(".message").last).to_be_in_viewport(ratio=0.9)
    expect(ada.get_by_role("button", name="Send")).to_be_in_viewport(ratio=1)
    assert ada.evaluate(LOG_HEIGHT) >= 3 * LINE
    assert fits(ada)


def test_the_first_message_and_the_header_are_reached_by_the_wheel(ada: Page) -> None:
    first, heading = ada.locator("#m1"), ada.get_by_role("heading", level=1)
    for goal in (first, heading):
        for _ in range(100):
            roll(ada, -1000)
            ada.wait_for_timeout(50)  # older ones are on their way
            if goal.is_visible() and goal.evaluate("(e) => e.getBoundingClientRect().top >= 0"):
                break
        expect(goal).to_be_in_viewport(ratio=0.9)


def test_what_the_header_offers_can_be_pressed(ada: Page) -> None:
    def pressed(selector: str, opens: Locator) -> None:
        ada.evaluate("scrollTo(0, 0)")
        ada.locator(selector).click()
        expect(opens).to_be_in_viewport()

    pressed(".menu", ada.get_by_role("navigation", name="Rooms"))
    ada.keyboard.press("Escape")
    pressed(".people-button", ada.locator("#people li").first)
    ada.keyboard.press("Escape")
    pressed("#find", ada.locator(".finding [type=search]"))
    ada.keyboard.press("Escape")
    expect(ada.locator("#chat-message-input")).to_be_in_viewport()


def test_by_keyboard_every_control_is_reached_and_none_is_out_of_sight(ada: Page) -> None:
    expect(ada.locator(".people-button")).to_be_visible()  # it comes with the first word of who is here
    walk: list[Any] = []
    while walk.count(None) < 2 and len(walk) < 100:  # from the field to the end, and once round from the beginning
        ada.keyboard.press("Tab")
        walk.append(ada.evaluate(FOCUSED))
    assert [name for name, is_seen in filter(None, walk) if not is_seen] == []
    assert ada.evaluate(NOT_REACHED) == []
