"""Getting about: the list of rooms filtered while one types, and Ctrl-K to any room or person."""

from playwright.sync_api import Page, expect

from e2e.conftest import NewPage, are_stored, enter, say
from e2e.test_page import violations
from e2e.test_unread import account


def made(page: Page, room: str) -> None:
    say(enter(page, room), "hello")
    are_stored(page, 1)


def test_the_list_of_rooms_is_filtered_by_typing_and_enter_leads_to_the_first(visitor: NewPage, room: str) -> None:
    ada = visitor()
    for name in (f"{room}-tea", f"{room}-学习", room):
        made(ada, name)
    field = ada.get_by_role("searchbox", name="Filter rooms")
    field.fill(f"{room}-TEA")
    expect(ada.locator("#sidebar .lists li:visible bdi")).to_have_text([f"{room}-tea"])
    field.press("Escape")
    expect(field).to_have_value("")
    assert ada.locator("#sidebar .lists li:visible").count() > 1
    field.fill(f"{room}-学")
    field.press("Enter")
    ada.wait_for_url("**-%E5%AD%A6%E4%B9%A0/")


def test_a_key_opens_a_dialog_that_leads_to_any_room_by_keyboard(visitor: NewPage, room: str) -> None:
    ada = visitor()
    for name in (f"{room}-green", f"{room}-tea", room):
        made(ada, name)
    ada.keyboard.press("Control+k")
    dialog = ada.get_by_role("dialog", name="Go to a room or a person")
    expect(dialog).to_be_visible()
    assert violations(ada) == []
    ada.keyboard.type(room)
    expect(dialog.get_by_role("option")).to_have_count(3)
    ada.keyboard.type("-gre")
    expect(dialog.get_by_role("option")).to_have_text([f"{room}-green"])
    expect(dialog.locator("mark")).to_have_text(f"{room}-gre")
    ada.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(ada.locator("#chat-message-input")).to_be_focused()
    ada.keyboard.press("Control+k")
    ada.keyboard.type(f"{room}-t")
    expect(dialog.get_by_role("option")).to_have_count(1)
    ada.keyboard.press("ArrowDown")
    ada.keyboard.press("Enter")
    ada.wait_for_url(f"**/{room}-tea/")


def test_the_dialog_leads_to_a_person_and_says_when_there_is_nobody(visitor: NewPage, room: str) -> None:
    ada, bob = enter(account(visitor, "Ada"), room), enter(account(visitor, "Bob"), room)
    say(bob, "hello")
    are_stored(bob, 1)
    name = bob.locator("#room").get_attribute("data-name") or ""
    ada.keyboard.press("Control+k")
    ada.keyboard.type(f"{name}x")
    expect(ada.get_by_role("dialog")).to_contain_text("Nothing found.")
    ada.keyboard.press("Backspace")
    expect(ada.get_by_role("option")).to_have_text([f"B{name}direct"])
    ada.keyboard.press("Enter")
    expect(ada.locator("h1")).to_have_text(name)
