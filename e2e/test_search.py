"""Search in a room: by Ctrl-F or its button, by keyboard alone, in both languages; what is found leads to its place."""

import re
import time
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from e2e.conftest import PHONE, NewPage, are_stored, enter, is_ready, say
from e2e.test_look import fits
from e2e.test_page import DESKTOP, violations
from e2e.test_rooms import fill

TALK = ("the kettle is on", "重启服务器了", "who took the kettle?")
WHOSE = """() => {
  document.title = ""
  addEventListener("keyup", () => (document.title ||= "the browser's"), { once: true })
  addEventListener("keydown", (event) => (document.title ||= event.defaultPrevented ? "ours" : ""))
}"""


def talk(page: Page, room: str) -> Page:
    enter(page, room)
    for text in TALK:
        say(page, text)
    are_stored(page, len(TALK))
    is_indexed(page, room, len(TALK))
    return page


def is_indexed(page: Page, room: str, count: int) -> None:
    """Waits until so much of the room can be found, at most so many as a page of search has."""
    deadline = time.monotonic() + 15
    while page.request.get(f"/search/?q=in:{room}").text().count("entry hit") < count:
        assert time.monotonic() < deadline
        page.wait_for_timeout(100)


def field(page: Page, name: str = "Search this room") -> Locator:
    return page.get_by_role("searchbox", name=name)


def hits(page: Page) -> Locator:
    return page.locator("#found a.hit .words")


def whose_is_ctrl_f(page: Page) -> str:
    page.evaluate(WHOSE)
    page.keyboard.press("Control+f")
    expect(page).to_have_title(re.compile("ours|browser"))
    return page.title()


def test_ctrl_f_makes_the_header_a_field_and_what_is_found_leads_to_its_place(visitor: NewPage, room: str) -> None:
    ada = talk(visitor(), room)
    ada.locator("#chat-message-input").fill("half a sen")
    ada.keyboard.press("Control+f")
    expect(field(ada)).to_be_focused()
    ada.keyboard.type("kettle")
    expect(hits(ada)).to_have_text([TALK[2], TALK[0]])
    expect(ada.locator("#found mark")).to_have_text(["kettle", "kettle"])
    expect(ada.locator("#tally")).to_have_text("2 messages, newest first")
    expect(ada.locator("#chat-log")).not_to_be_visible()
    for key in ("ArrowDown", "ArrowDown", "ArrowUp", "ArrowDown", "Enter"):
        ada.keyboard.press(key)
    expect(ada.locator("#m1.at")).to_be_focused()
    expect(ada.locator("#found")).to_be_hidden()
    expect(ada.locator("#chat-message-input")).to_have_value("half a sen")


def test_a_message_far_back_is_opened_where_it_was_said(visitor: NewPage, room: str) -> None:
    ada = enter(visitor(), room)
    say(ada, "where it began")
    are_stored(ada, 1)
    fill(ada, room, 120)
    enter(ada, room)
    expect(ada.locator("#m1")).to_have_count(0)
    is_indexed(ada, room, 50)
    ada.keyboard.press("Control+f")
    ada.keyboard.type("began")
    hits(ada).click()
    is_ready(ada)
    expect(ada).to_have_url(re.compile(rf"/chat/{room}/\?at=1$"))
    expect(ada.locator("#m1.at")).to_be_in_viewport()


def test_ctrl_f_is_the_browsers_in_the_field_and_after_escape(visitor: NewPage, room: str) -> None:
    ada = talk(visitor(), room)
    assert whose_is_ctrl_f(ada) == "ours"
    expect(field(ada)).to_be_focused()
    assert whose_is_ctrl_f(ada) == "the browser's"
    ada.keyboard.press("Escape")
    expect(field(ada)).to_have_count(0)
    expect(ada.locator("#chat-message-input")).to_be_focused()
    assert whose_is_ctrl_f(ada) == "the browser's"
    expect(field(ada)).to_have_count(0)
    assert whose_is_ctrl_f(ada) == "ours"
    expect(field(ada)).to_be_focused()


def test_what_is_found_is_asked_for_again_when_the_search_is_opened_again(visitor: NewPage, room: str) -> None:
    ada = talk(visitor(), room)
    ada.keyboard.press("Control+f")
    ada.keyboard.type("kettle")
    expect(hits(ada)).to_have_count(2)
    ada.get_by_role("button", name="Close the search").click()
    ada.request.post(f"/chat/{room}/messages/1/delete/", headers={
        "X-CSRFToken": next(each["value"] for each in ada.context.cookies() if each["name"] == "chat_csrf"),
        "Referer": ada.url,
    })  # fmt: skip
    expect(ada.locator("#m1")).to_have_count(0)
    ada.keyboard.press("Control+f")
    expect(hits(ada)).to_have_text([TALK[2]])
    expect(field(ada)).to_have_value("kettle")


def test_what_is_wrong_with_the_words_and_what_is_not_there_is_said(visitor: NewPage, room: str) -> None:
    ada = talk(visitor(), room)
    ada.get_by_role("link", name="Search this room").click()
    ada.keyboard.type("before:yesterday")
    expect(ada.locator("#tally")).to_contain_text("yesterday is not a day")
    field(ada).fill("teapot")
    expect(ada.locator("#tally")).to_have_text("Nothing was found in this room.")
    ada.get_by_role("link", name="Search all rooms").click()
    expect(ada).to_have_url(re.compile(r"/search/\?q=teapot$"))


def test_without_javascript_the_button_leads_to_the_search_of_the_room(visitor: NewPage, room: str) -> None:
    talk(visitor(), room)
    ada = visitor(java_script_enabled=False)
    ada.goto(f"/chat/{room}/")
    ada.get_by_role("link", name="Search this room").click()
    expect(ada.get_by_role("searchbox")).to_have_value(f"in:{room}")
    expect(ada.locator("a.hit")).to_have_count(len(TALK))


@pytest.mark.parametrize("screen", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_in_chinese_one_character_is_found_and_axe_finds_nothing(
    visitor: NewPage, room: str, screen: dict[str, Any]
) -> None:
    ming = talk(visitor(locale="zh-CN", **screen), room)
    ming.get_by_role("link", name="在此房间内搜索").click()
    expect(field(ming, "在此房间内搜索")).to_be_focused()
    for words in ("服", "服务", "服务器"):
        field(ming, "在此房间内搜索").fill(words)
        expect(hits(ming)).to_have_text([TALK[1]])
    expect(ming.locator("#tally")).to_have_text("1 条消息，最新的在前")
    assert violations(ming) == []
    assert fits(ming)
