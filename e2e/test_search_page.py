"""The search page and its filters: with a script and without, with the keyboard, on a phone, in both languages."""

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from e2e.conftest import PHONE, NewPage, are_stored, enter, say
from e2e.test_look import fits, screen
from e2e.test_page import DESKTOP, violations
from e2e.test_search import is_indexed

SCREENS = {"desktop": DESKTOP, "phone": PHONE, "narrow": screen(320, 640)}


def two_rooms(page: Page, room: str) -> str:
    """A word of its own, said in two rooms, once in each. Returns the word."""
    word = f"kettle{room.removeprefix('room-')}"
    for place in (f"{room}-den", f"{room}-hall"):
        enter(page, place)
        say(page, f"**the** {word}")
        are_stored(page, 1)
        is_indexed(page, place, 1)
    return word


def asks(page: Page, query: str) -> None:
    page.goto("/search/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type(query)
    page.keyboard.press("Enter")


def hits(page: Page) -> Locator:
    return page.locator("a.hit")


def chosen(page: Page, name: str) -> Locator:
    return page.locator(f"#filter-{name} option:checked")


def test_a_choice_narrows_what_is_found_and_is_written_into_the_query(visitor: NewPage, room: str) -> None:
    ada = visitor()
    word = two_rooms(ada, room)
    ada.goto(f"/search/?q={word}")
    expect(hits(ada)).to_have_count(2)
    expect(hits(ada).first.locator(".words")).to_have_text(f"the {word}")
    ada.get_by_label("Room").focus()
    ada.get_by_label("Room").select_option(f"In {room}-den")
    expect(hits(ada)).to_have_count(1)
    expect(ada.get_by_role("searchbox")).to_have_value(f"{word} in:{room}-den")
    expect(ada.get_by_label("Room")).to_be_focused()
    expect(ada).to_have_url(re.compile(rf"/search/\?q={word}\+in%3A{room}-den$"))
    ada.get_by_label("When").select_option("Today")
    expect(ada.get_by_role("searchbox")).to_have_value(re.compile(rf"{word} in:{room}-den after:20"))
    expect(hits(ada)).to_have_count(1)
    ada.go_back()
    expect(ada.get_by_role("searchbox")).to_have_value(f"{word} in:{room}-den")
    expect(chosen(ada, "in")).to_have_text(f"In {room}-den")
    ada.reload()
    ada.get_by_label("Room").select_option("In every room")
    expect(hits(ada)).to_have_count(2)
    hits(ada).last.click()
    expect(ada.locator("#m1.at")).to_be_visible()


def test_what_is_typed_is_shown_by_the_filters_and_stays(visitor: NewPage, room: str) -> None:
    ada = visitor()
    word = two_rooms(ada, room)
    asks(ada, f"{word} in:{room}-hall after:2026-01-02")
    expect(hits(ada)).to_have_count(1)
    expect(chosen(ada, "in")).to_have_text(f"In {room}-hall")
    expect(chosen(ada, "when")).to_have_text("Since 2026-01-02")
    ada.get_by_role("searchbox").fill(f"{word} in:{room}-den")
    ada.keyboard.press("Enter")
    expect(chosen(ada, "in")).to_have_text(f"In {room}-den")
    expect(chosen(ada, "when")).to_have_text("At any time")
    expect(hits(ada)).to_have_count(1)


def test_a_wrong_day_is_said_and_the_filter_puts_it_right(visitor: NewPage, room: str) -> None:
    ada = visitor()
    word = two_rooms(ada, room)
    asks(ada, f"{word} after:tuesday")
    expect(ada.get_by_role("alert")).to_contain_text("tuesday is not a day")
    expect(ada.get_by_role("searchbox")).to_have_value(f"{word} after:tuesday")
    ada.get_by_label("When").select_option("Since yesterday")
    expect(hits(ada)).to_have_count(2)
    expect(ada.get_by_role("alert")).to_have_count(0)


def test_where_nothing_is_found_a_filter_can_be_taken_away(visitor: NewPage, room: str) -> None:
    ada = visitor()
    word = two_rooms(ada, room)
    ada.goto(f"/search/?q={word}+in:{room}-attic")
    expect(ada.locator("main [role=status]").last).to_have_text("Nothing was found that you may read.")
    ada.get_by_role("link", name="In every room").click()
    expect(hits(ada)).to_have_count(2)


def test_without_javascript_the_button_applies_what_was_chosen(visitor: NewPage, room: str) -> None:
    word = two_rooms(visitor(), room)
    ada = visitor(java_script_enabled=False)
    ada.goto(f"/search/?q={word}")
    ada.get_by_label("Room").select_option(f"In {room}-hall")
    ada.get_by_role("button", name="Search", exact=True).click()
    expect(hits(ada)).to_have_count(1)
    expect(ada.get_by_role("searchbox")).to_have_value(f"{word} in:{room}-hall")
    ada.get_by_label("Room").select_option("In every room")
    ada.get_by_role("button", name="Search", exact=True).click()
    expect(hits(ada)).to_have_count(2)
    expect(ada.get_by_role("searchbox")).to_have_value(word)


def test_a_search_leaves_no_message_in_the_browsers_storage(visitor: NewPage, room: str) -> None:
    ada = visitor()
    word = two_rooms(ada, room)
    ada.goto(f"/search/?q={word}")
    ada.get_by_label("Room").select_option(f"In {room}-den")
    expect(hits(ada)).to_have_count(1)
    stored = ada.evaluate("JSON.stringify([{ ...localStorage }, { ...sessionStorage }])")
    assert "<main" not in stored


@pytest.mark.parametrize("locale", ["en-GB", "zh-CN"])
@pytest.mark.parametrize("options", SCREENS.values(), ids=SCREENS)
def test_the_filters_fit_and_axe_finds_nothing(
    visitor: NewPage, room: str, options: dict[str, Any], locale: str
) -> None:
    ada = visitor(locale=locale, **options)
    long = f"{room}-{'a-very-long-name-' * 2}x"
    enter(ada, long)
    say(ada, "the kettle")
    are_stored(ada, 1)
    is_indexed(ada, long, 1)
    for path in (f"/search/?q=kettle+in:{long}", f"/search/?q=kettle+in:{long}+from:{'m' * 32}+after:2026-01-02"):
        ada.goto(path)
        assert fits(ada), path
        assert violations(ada) == []
        for name in ("from", "in", "when"):
            expect(ada.locator(f"#filter-{name}")).to_be_in_viewport(ratio=1)
    if locale == "zh-CN":
        expect(chosen(ada, "when")).to_have_text("2026-01-02 以来")
