"""A guest's first visit: they may talk at once, are told what they are called, and choose a name in that line."""

import pytest
from playwright.sync_api import expect

from e2e.conftest import PHONE, NewPage, are_stored, enter, say, sees

FIELD = "#chat-message-input"


@pytest.mark.parametrize("options", [{}, PHONE], ids=["desktop", "phone"])
def test_a_guest_chooses_a_name_in_the_line_that_tells_theirs(
    visitor: NewPage, room: str, options: dict[str, object]
) -> None:
    ada = enter(visitor(**options), room)
    before = ada.locator(".composer").bounding_box()
    expect(ada.locator(".notice")).to_contain_text("You are writing as Anonymous-")
    assert ada.locator(".composer").bounding_box() == before
    ada.get_by_role("button", name="Choose a name").click()
    name = ada.get_by_label("Your name")
    expect(name).to_be_focused()
    assert name.evaluate("(field) => field.scrollWidth <= field.clientWidth")
    ada.keyboard.type("\u200b")
    ada.keyboard.press("Enter")
    expect(ada.locator(".name .status")).to_be_visible()
    name.fill("Margaret")
    ada.keyboard.press("Enter")
    expect(ada.locator(FIELD)).to_be_focused()
    expect(ada.locator(".notice p")).to_be_empty()
    expect(ada.locator(".me bdi")).to_have_text("Margaret")
    ada.reload()
    say(ada, "hello")
    sees(ada, ["hello"])
    expect(ada.locator(".author")).to_have_text("Margaret")
    expect(ada.locator(".notice p")).to_be_empty()


def test_escape_leaves_the_name_as_it_is_and_who_has_spoken_is_not_asked(visitor: NewPage, room: str) -> None:
    ada = enter(visitor(), room)
    ada.get_by_role("button", name="Choose a name").click()
    ada.keyboard.press("Escape")
    expect(ada.locator(FIELD)).to_be_focused()
    expect(ada.get_by_role("button", name="Choose a name")).to_be_visible()
    say(ada, "hello")
    are_stored(ada, 1)
    expect(ada.locator(".notice p")).to_be_empty()


def test_who_is_typing_comes_before_the_guest_s_own_name(visitor: NewPage, room: str) -> None:
    ada, bob = enter(visitor(), room), enter(visitor(), room)
    expect(bob.locator(".notice")).to_contain_text("You are writing as")
    ada.locator(FIELD).press_sequentially("hello")
    expect(bob.locator(".notice")).to_contain_text("is typing")
    expect(bob.locator(".notice button")).to_be_hidden()
