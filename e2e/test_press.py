"""A long press by finger opens what one can do with a message; a tap, a scroll and a selection stay what they are."""

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from e2e.conftest import PHONE, NewPage, are_stored, enter, say, sees
from e2e.test_page import violations
from e2e.test_rooms import fill

HOLD = 700  # milliseconds, longer than the page asks for


class Finger:
    """What Playwright's touchscreen cannot: rest, and move."""

    def __init__(self, page: Page) -> None:
        self._page, self._session = page, page.context.new_cdp_session(page)

    def _send(self, kind: str, *points: tuple[float, float]) -> None:
        touches = [{"x": x, "y": y} for x, y in points]
        self._session.send("Input.dispatchTouchEvent", {"type": f"touch{kind}", "touchPoints": touches})

    def press(self, on: Locator, milliseconds: int = HOLD, moves: float = 0) -> None:
        box = on.bounding_box()
        assert box
        x, y = box["x"] + min(20, box["width"] / 2), box["y"] + box["height"] / 2
        self._send("Start", (x, y))
        for step in range(1, 6 if moves else 1):
            self._send("Move", (x, y + moves * step / 5))
        self._page.wait_for_timeout(milliseconds)
        self._send("End")


def sheet(page: Page) -> Locator:
    return page.get_by_role("dialog", name="This message")


def on_a_phone(visitor: NewPage, room: str, text: str, **options: Any) -> tuple[Page, Finger]:
    ada = enter(visitor(**PHONE, **options), room)
    say(ada, text)
    are_stored(ada, 1)
    return ada, Finger(ada)


def test_a_long_press_opens_the_actions_and_each_of_them_acts(visitor: NewPage, room: str) -> None:
    ada, finger = on_a_phone(visitor, room, "teh first", permissions=["clipboard-read", "clipboard-write"])
    text = ada.locator(".message .text")
    finger.press(text)
    expect(sheet(ada)).to_be_visible()
    expect(sheet(ada).locator(".quoted")).to_contain_text("teh first")
    expect(sheet(ada).locator(".rows button")).to_have_text(
        ["Another reaction", "Reply", "Edit", "Copy link", "Copy the text", "Report…", "Delete"]
    )
    assert ada.evaluate("getSelection().toString()") == ""
    assert violations(ada) == []
    sheet(ada).get_by_role("button", name="🎉").tap()
    expect(sheet(ada)).to_have_count(0)
    expect(ada.locator(".reaction")).to_have_text("🎉 1")
    finger.press(text)
    expect(sheet(ada).get_by_role("button", name="🎉")).to_have_attribute("aria-pressed", "true")
    sheet(ada).get_by_role("button", name="Copy the text").tap()
    expect(ada.locator(".notice p")).to_have_text("Copied.")
    assert ada.evaluate("navigator.clipboard.readText()") == "teh first"
    finger.press(text)
    sheet(ada).get_by_role("button", name="Edit").tap()
    expect(ada.locator("#chat-message-input")).to_have_value("teh first")
    ada.locator("#chat-message-input").fill("the first")
    ada.get_by_role("button", name="Save").tap()
    sees(ada, ["the first"])
    finger.press(text)
    sheet(ada).get_by_role("button", name="Report…").tap()
    expect(ada.locator("dialog.asking")).to_be_visible()
    ada.keyboard.press("Escape")
    finger.press(text)
    sheet(ada).get_by_role("button", name="Delete").tap()
    expect(ada.get_by_role("button", name="Undo")).to_be_visible()


def test_anothers_message_offers_no_edit_and_the_sheet_goes_by_a_tap_beside_it(visitor: NewPage, room: str) -> None:
    bob = enter(visitor(), room)
    say(bob, "hello")
    ada = enter(visitor(**PHONE), room)
    finger = Finger(ada)
    finger.press(ada.locator(".message .text"))
    expect(sheet(ada).locator(".rows button")).to_have_text(
        ["Another reaction", "Reply", "Copy link", "Copy the text", "Mark unread from here", "Report…"]
    )
    ada.touchscreen.tap(180, 40)
    expect(sheet(ada)).to_have_count(0)
    expect(ada.locator("#chat-message-input"), "no keyboard comes up").not_to_be_focused()
    finger.press(ada.locator(".message .text"))
    expect(sheet(ada)).to_be_visible()
    bob.locator(".message.mine").focus()
    bob.locator(".message.mine").get_by_role("button", name="Delete").click()
    expect(sheet(ada), "it was deleted").to_have_count(0)


def test_a_tap_a_scroll_a_link_and_a_selection_open_no_sheet(visitor: NewPage, room: str) -> None:
    bob = enter(visitor(), room)
    fill(bob, room, 40)
    ada, finger = on_a_phone(visitor, room, "see https://example.com/ and `code`")
    own = ada.locator(".message.mine .text")
    finger.press(own, 50)
    expect(ada.get_by_role("toolbar", name="This message")).to_be_visible()
    ada.get_by_role("heading", level=1).tap()
    before = ada.locator("#chat-log").evaluate("log => log.scrollTop")
    finger.press(ada.locator(".message .text").nth(-5), moves=120)
    assert ada.locator("#chat-log").evaluate("log => log.scrollTop") < before, "the log went along with the finger"
    expect(sheet(ada)).to_have_count(0)
    ada.locator("#chat-log").evaluate("log => log.scrollTop = 0")
    own.evaluate("text => getSelection().selectAllChildren(text)")
    finger.press(ada.locator(".message .text").nth(-3))
    expect(sheet(ada)).to_have_count(0)
    ada.evaluate("getSelection().removeAllRanges()")
    finger.press(own.get_by_role("link"))
    expect(sheet(ada)).to_have_count(0)
    finger.press(ada.locator(".message .text").nth(-3))
    expect(sheet(ada)).to_be_visible()


def test_a_mouse_that_is_held_selects_words(visitor: NewPage, room: str) -> None:
    ada = enter(visitor(), room)
    say(ada, "some words to select")
    are_stored(ada, 1)
    box = ada.locator(".message .text").bounding_box()
    assert box
    ada.mouse.move(box["x"] + 1, box["y"] + box["height"] / 2)
    ada.mouse.down()
    ada.wait_for_timeout(HOLD)
    ada.mouse.move(box["x"] + 120, box["y"] + box["height"] / 2, steps=5)
    ada.mouse.up()
    expect(sheet(ada)).to_have_count(0)
    assert re.match("some", ada.evaluate("getSelection().toString()"))


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_sheet_in_chinese_at_320_px_fits_and_axe_finds_nothing(visitor: NewPage, room: str, theme: str) -> None:
    small = PHONE | {"viewport": {"width": 320, "height": 480}}
    ming = enter(visitor(locale="zh-CN", color_scheme=theme, **small), room)
    say(ming, "你好")
    are_stored(ming, 1)
    Finger(ming).press(ming.locator(".message .text"))
    dialog = ming.get_by_role("dialog")
    expect(dialog.get_by_role("button", name="复制文字")).to_be_visible()
    expect(dialog.get_by_role("button", name="删除")).to_be_in_viewport(ratio=1)
    assert violations(ming) == []
