"""A day in two languages: by the browser's wish or by the switch, with and without JavaScript, live and on reload."""

import re

import pytest
from playwright.sync_api import expect

from e2e.conftest import PHONE, NewPage, enter, is_ready, open_menu, say, sees
from e2e.test_page import DESKTOP, violations


def test_the_switch_changes_the_room_and_stays(visitor: NewPage, room: str) -> None:
    ada = enter(visitor(), room)
    say(ada, "hello")
    ada.locator("#chat-message-input").fill("half a sen")
    open_menu(ada)
    ada.get_by_role("button", name="简体中文").click()
    is_ready(ada)
    expect(ada.locator("html")).to_have_attribute("lang", "zh-hans")
    expect(ada.locator(".day")).to_have_text("今天")
    expect(ada.get_by_role("textbox", name="消息")).to_have_value("half a sen")
    ada.goto("/chat/")
    expect(ada.get_by_role("button", name="进入")).to_be_visible()
    ada.get_by_role("button", name="English").click()
    expect(ada.get_by_role("button", name="Enter")).to_be_visible()


def test_the_switch_works_without_javascript_and_keeps_the_page_of_the_past(visitor: NewPage, room: str) -> None:
    ada = enter(visitor(), room)
    say(ada, "hello")
    sees(ada, ["hello"])
    bob = visitor(java_script_enabled=False)
    bob.goto(f"/chat/{room}/?before=2")
    open_menu(bob)
    bob.get_by_role("button", name="简体中文").click()
    expect(bob).to_have_url(re.compile(rf"/chat/{room}/\?before=2$"))
    expect(bob.get_by_role("link", name="跳到最新")).to_be_visible()


def test_two_people_in_two_languages_read_the_same(visitor: NewPage, room: str) -> None:
    ada, ming = enter(visitor(), room), enter(visitor(locale="zh-CN"), room)
    say(ada, "hello")
    say(ming, "你好")
    for page in (ada, ming):
        sees(page, ["hello", "你好"])
    texts = [page.locator(".message .text").evaluate_all("all => all.map((e) => e.outerHTML)") for page in (ada, ming)]
    assert texts[0] == texts[1]
    expect(ada.locator(".day")).to_have_text("Today")
    expect(ming.locator(".day")).to_have_text("今天")


def test_what_is_refused_and_what_one_does_is_said_in_chinese(visitor: NewPage, room: str) -> None:
    ming = enter(visitor(locale="zh-CN"), room)
    say(ming, "你好")
    sees(ming, ["你好"])
    say(ming, "\u200b")
    expect(ming.locator(".failed .state")).to_contain_text("未发送：消息里没有可见的内容。")
    ming.get_by_role("button", name="丢弃").click()
    ming.locator("#chat-message-input").fill("")
    ming.keyboard.press("ArrowUp")
    expect(ming.locator(".notice p")).to_contain_text("正在编辑你")
    ming.keyboard.press("Escape")
    open_menu(ming)
    ming.locator("#name").fill("\u200b")
    ming.keyboard.press("Enter")
    expect(ming.locator("form.name .status")).to_contain_text("名字须为")
    ming.context.set_offline(True)
    expect(ming.locator(".connection")).to_contain_text("你已离线")
    say(ming, "等一下")
    waits = ming.locator(".pending .state.quiet > span")
    expect(waits).to_be_visible()
    assert waits.evaluate("(words) => getComputedStyle(words, '::after').content") == '"等待连接"'


def test_the_page_names_days_as_the_server_does(visitor: NewPage, room: str) -> None:
    """In both languages, for days long ago and of this year, so that nothing changes when the modules come."""
    for locale, expected in (("en-GB", ["Monday 2 March 2020"]), ("zh-CN", ["2020年3月2日星期一"])):
        page = enter(visitor(locale=locale), room)
        name = page.locator("script[src$='room.js']").evaluate(
            "async (e) => (await import(e.src.replace('room.js', 'words.js'))).named('2020-03-02')"
        )
        assert [name] == expected


@pytest.mark.parametrize("screen", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_axe_finds_nothing_in_chinese_and_nothing_is_wider_than_the_screen(
    visitor: NewPage, room: str, screen: dict[str, object]
) -> None:
    ming = enter(visitor(locale="zh-CN", **screen), room)
    rooms = (f"/chat/{room}/", f"/chat/{room}/members/", "/rooms/new/", "/chat/", "/chat/?room=%3C", "/chat/a.b/")
    for path in (*rooms, "/search/?q=x"):
        ming.goto(path)
        assert violations(ming) == []
        assert ming.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
