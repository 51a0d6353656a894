"""By finger: what a mouse can do, a tap can do, and a tap elsewhere puts things away."""

from playwright.sync_api import Page, expect

from e2e.conftest import PHONE, NewPage, enter, say, sees

FIELD = "#chat-message-input"


def tapped(page: Page, room: str, text: str) -> Page:
    """A visitor with a finger, who has said something and tapped it."""
    enter(page, room)
    say(page, text)
    sees(page, [text])
    page.locator(".message .text").tap()
    expect(page.get_by_role("toolbar", name="This message")).to_be_visible()
    return page


def test_a_tapped_edit_edits(visitor: NewPage, room: str) -> None:
    ada = tapped(visitor(**PHONE), room, "teh first")
    ada.get_by_role("button", name="Edit", exact=True).tap()
    expect(ada.locator(FIELD)).to_have_value("teh first")
    ada.locator(FIELD).fill("the first")
    ada.get_by_role("button", name="Save").tap()
    sees(ada, ["the first"])
    expect(ada.get_by_role("button", name="Send", exact=True)).to_be_visible()


def test_a_tapped_delete_deletes_and_a_tapped_undo_takes_it_back(visitor: NewPage, room: str) -> None:
    ada = tapped(visitor(**PHONE), room, "in haste")
    ada.get_by_role("button", name="Delete", exact=True).tap()
    expect(ada.get_by_text("in haste")).to_be_hidden()
    ada.get_by_role("button", name="Undo").tap()
    expect(ada.get_by_text("in haste")).to_be_visible()


def test_a_tap_outside_puts_the_toolbar_away(visitor: NewPage, room: str) -> None:
    ada = tapped(visitor(**PHONE), room, "hello")
    ada.get_by_role("heading", level=1).tap()
    expect(ada.get_by_role("toolbar")).to_have_count(0)


def test_enter_begins_a_line_on_a_touch_screen_and_the_button_sends(visitor: NewPage, room: str) -> None:
    ada = enter(visitor(**PHONE), room)
    expect(ada.locator(FIELD)).to_have_attribute("enterkeyhint", "enter")
    ada.locator(FIELD).press_sequentially("one")
    ada.keyboard.press("Enter")
    ada.keyboard.type("two")
    expect(ada.locator(FIELD)).to_have_value("one\ntwo")
    ada.get_by_role("button", name="Send", exact=True).tap()
    sees(ada, ["one\ntwo"])


def test_the_drawer_takes_the_focus_and_goes_by_a_tap_outside(visitor: NewPage, room: str) -> None:
    ada = enter(visitor(**PHONE), room)
    rooms = ada.get_by_role("navigation", name="Rooms")
    ada.get_by_role("button", name="Rooms").tap()
    expect(rooms).to_be_visible()
    expect(rooms.get_by_role("link").first).to_be_focused()
    ada.touchscreen.tap(350, 400)
    expect(rooms).to_be_hidden()
    expect(ada.get_by_role("button", name="Rooms")).to_be_focused()
