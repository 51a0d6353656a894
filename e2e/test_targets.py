"""By finger: whatever can be tapped is 44 px high, in every page and state of a phone."""

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from e2e.conftest import PHONE, NewPage, are_stored, enter, say
from e2e.test_press import Finger, sheet

# Where a tap above or below its middle still reaches it, a control counts as that high. Three kinds are left out: a
# link inside a sentence, a skip link, which is for keyboards, and what lies under a dialog or beside a drawer.
SMALL = """() => {
  const HIGH = 44
  const CONTROLS = "button, a[href], summary, input:not([type=hidden]), textarea, select, [role=option]"
  const isInSentence = (e) => {
    const around = e.closest("p, dd, li, td, small, figcaption")
    const isInline = e.matches("a") && getComputedStyle(e).display === "inline"
    return isInline && around && around.textContent.trim() !== e.textContent.trim()
  }
  const small = []
  for (const e of document.querySelectorAll(CONTROLS)) {
    const isSeen = e.checkVisibility({ visibilityProperty: true, opacityProperty: true })
    if (!isSeen || e.closest("[inert]") || e.matches(".skip") || isInSentence(e)) continue
    const goal = e.closest("label") ?? e
    goal.scrollIntoView({ block: "center", behavior: "instant" })
    const { x, y, width, height } = goal.getBoundingClientRect()
    if (width <= 1 || height >= HIGH - 0.5) continue
    const hits = (dy) => {
      const hit = document.elementFromPoint(x + width / 2, y + height / 2 + dy)
      return goal.contains(hit) || (hit !== null && hit.closest("a, button, label, summary") === goal)
    }
    let high = 0
    for (let dy = -HIGH; dy <= HIGH; dy++) high += hits(dy)
    const words = (e.textContent || e.ariaLabel || "").trim().slice(0, 24)
    if (hits(0) && high < HIGH - 1)
      small.push(`${e.tagName} ${e.className || e.name || e.id} "${words}" ${high}`)
  }
  return small
}"""


class Looker:
    """Collects what is too small, with the name of the state: all of it is told at the end."""

    def __init__(self, page: Page) -> None:
        self.page, self.found = page, dict[str, list[str]]()

    def look(self, state: str) -> None:
        if small := self.page.evaluate(SMALL):
            self.found[state] = small

    def ends(self) -> None:
        assert self.found == {}, json.dumps(self.found, indent=1, ensure_ascii=False)


@pytest.fixture
def phone(visitor: NewPage) -> Iterator[Looker]:
    looker = Looker(visitor(**PHONE))
    yield looker
    looker.ends()


def test_in_a_room(phone: Looker, room: str) -> None:
    page, look = phone.page, phone.look
    enter(page, room)
    look("empty")
    say(page, "a link to https://example.com/ in a sentence\n```python\npass\n```")
    are_stored(page, 1)
    finger = Finger(page)
    text = page.locator("#m1 .text")
    finger.press(text)
    expect(sheet(page)).to_be_visible()
    look("the sheet of a message")
    sheet(page).get_by_role("button", name="🎉").tap()
    expect(page.locator("#m1 .reaction")).to_have_attribute("aria-pressed", "true")
    finger.press(text)
    sheet(page).get_by_role("button", name="Reply").tap()
    look("replying")
    say(page, "https://example.com/ is what I answer")
    are_stored(page, 2)
    expect(page.locator(".message").last.locator(".quote")).not_to_be_empty()
    look("a conversation")
    page.locator(".message .text").last.tap(position={"x": 200, "y": 10})
    expect(page.get_by_role("toolbar", name="This message")).to_be_visible()
    look("the toolbar")
    page.get_by_role("button", name="React", exact=True).tap()
    look("quick reactions")
    page.get_by_role("heading", level=1).tap()
    page.locator("#emoji").tap()
    expect(page.locator(".picker .emoji button").first).to_be_visible()
    look("emoji")
    page.keyboard.press("Escape")
    page.locator("#chat-message-input").press_sequentially("/")
    expect(page.locator("#completion li").first).to_be_visible()
    look("completion")
    say(page, "\u200b")
    expect(page.locator(".message.failed")).to_have_count(1)
    look("refused")


def test_beside_a_room(phone: Looker, room: str) -> None:
    page, look = phone.page, phone.look
    enter(page, room)
    page.locator(".people-button").tap()
    expect(page.locator("#people li")).to_have_count(1)
    look("people")
    page.touchscreen.tap(10, 300)
    page.locator("#find").tap()
    page.locator(".finding [type=search]").fill("nothing")
    expect(page.locator("#tally")).to_contain_text("Nothing")
    look("search in the room")
    page.locator(".finding button").tap()
    page.locator(".menu").tap()
    expect(page.locator("#sidebar")).to_be_visible()
    look("the drawer")
    page.locator(".mine-menu > summary").tap()
    expect(page.locator("#name")).to_be_visible()
    look("one's own menu")


def test_on_the_other_pages(phone: Looker) -> None:
    for path in (
        "/chat/", "/chat/?room=%3C", "/search/", "/search/?q=hello", "/accounts/login/", "/accounts/signup/",
        "/invite/none/", "/chat/a.b/",
    ):  # fmt: skip
        phone.page.goto(path)
        phone.look(path)


def test_in_the_classroom(phone: Looker) -> None:
    for path in (
        "", "echo-async/", "http-basic/", "the-room/", "start/", "bridges/a-feed/", "layers-compared/", "failures/",
        "failures/live/", "exercises/3/", "broken/", "more/", "addresses/",
    ):  # fmt: skip
        phone.page.goto(f"/learn/{path}")
        phone.look(path)
