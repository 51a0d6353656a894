"""Changing and deleting what one said, and what becomes of it when something else happens meanwhile."""

import re

from playwright.sync_api import Page, expect

from e2e.conftest import NewPage, enter, is_ready, say, sees

FIELD = "#chat-message-input"


def said(page: Page, room: str, *texts: str) -> Page:
    enter(page, room)
    for text in texts:
        say(page, text)
    sees(page, list(texts))
    return page


def tool(page: Page, text: str, name: str) -> None:
    page.locator(".message", has_text=text).hover()
    page.get_by_role("button", name=name, exact=True).click()


def test_a_deletion_waits_for_undo_before_anybody_else_sees_it(visitor: NewPage, room: str) -> None:
    ada, bob = said(visitor(), room, "one", "two"), enter(visitor(), room)
    requests: list[str] = []
    ada.on("request", lambda request: requests.append(request.url))
    tool(ada, "two", "Delete")
    expect(ada.get_by_text("two")).to_be_hidden()
    ada.get_by_role("button", name="Undo").click()
    expect(ada.get_by_text("two")).to_be_visible()
    assert not [url for url in requests if "delete" in url]
    tool(ada, "two", "Delete")
    expect(ada.get_by_text("Deleted.")).to_be_visible()
    sees(bob, ["one", "two"])
    expect(bob.get_by_text("two")).to_have_count(0, timeout=10_000)
    expect(ada.get_by_role("button", name="Undo")).to_be_hidden()


def test_a_double_click_on_delete_deletes_one_message(visitor: NewPage, room: str) -> None:
    ada, bob = said(visitor(), room, "one", "two", "three"), enter(visitor(), room)
    ada.locator(".message", has_text="three").hover()
    ada.get_by_role("button", name="Delete", exact=True).dblclick()
    expect(ada.get_by_text("three")).to_be_hidden()
    expect(ada.get_by_text("two")).to_be_visible()
    sees(bob, ["one", "two", "three"])
    expect(bob.locator(".message")).to_have_count(2, timeout=10_000)
    sees(ada, ["one", "two"])


def test_who_leaves_the_page_has_deleted(visitor: NewPage, room: str) -> None:
    ada, bob = said(visitor(), room, "one", "two"), enter(visitor(), room)
    tool(ada, "two", "Delete")
    expect(ada.get_by_text("two")).to_be_hidden()
    ada.goto("/chat/")
    expect(bob.get_by_text("two")).to_have_count(0, timeout=4_000)


def test_a_deletion_that_cannot_be_made_brings_the_message_back(visitor: NewPage, room: str) -> None:
    ada = said(visitor(), room, "one", "two")
    ada.route("**/delete/", lambda route: route.abort())
    tool(ada, "two", "Delete")
    expect(ada.get_by_text("two")).to_be_hidden()
    expect(ada.get_by_text("Not changed: no connection.")).to_be_visible(timeout=10_000)
    expect(ada.get_by_text("two")).to_be_visible()


def test_while_editing_the_button_says_save_and_the_message_is_marked(visitor: NewPage, room: str) -> None:
    ada = said(visitor(), room, "one", "two")
    tool(ada, "one", "Edit")
    expect(ada.get_by_role("button", name="Save", exact=True).and_(ada.locator("#chat-message-submit"))).to_be_visible()
    expect(ada.locator(".message.editing .text")).to_have_text("one")
    expect(ada.get_by_text("Editing your message")).to_be_visible()
    ada.get_by_role("button", name="Cancel").click()
    expect(ada.locator(".message.editing")).to_have_count(0)
    expect(ada.get_by_role("button", name="Send", exact=True)).to_be_visible()


def test_saving_what_was_not_changed_does_nothing(visitor: NewPage, room: str) -> None:
    ada = said(visitor(), room, "one")
    requests: list[str] = []
    ada.on("request", lambda request: requests.append(request.method))
    ada.keyboard.press("ArrowUp")
    expect(ada.locator(FIELD)).to_have_value("one")
    ada.keyboard.press("Enter")
    expect(ada.locator(FIELD)).to_have_value("")
    assert "POST" not in requests
    expect(ada.locator(".edited")).to_have_count(0)


def test_an_edit_survives_a_reload_and_the_draft_comes_back_after_it(visitor: NewPage, room: str) -> None:
    ada = said(visitor(), room, "one", "two")
    ada.locator(FIELD).press_sequentially("a draft")
    tool(ada, "one", "Edit")
    ada.locator(FIELD).fill("one and a half")
    ada.reload()
    is_ready(ada)
    expect(ada.locator(FIELD)).to_have_value("one and a half")
    expect(ada.locator(".message.editing .text")).to_have_text("one")
    ada.keyboard.press("Enter")
    sees(ada, ["one and a half", "two"])
    expect(ada.locator(FIELD)).to_have_value("a draft")


def test_a_message_deleted_meanwhile_is_noticed_at_once_and_nothing_typed_is_lost(visitor: NewPage, room: str) -> None:
    ada = said(visitor(), room, "one", "two")
    other = enter(ada.context.new_page(), room)
    tool(ada, "two", "Edit")
    ada.locator(FIELD).fill("two and a half")
    tool(other, "two", "Delete")
    expect(ada.get_by_text("The message was deleted meanwhile.")).to_be_visible(timeout=10_000)
    expect(ada.locator(FIELD)).to_have_value("two and a half")
    ada.locator(FIELD).press("Enter")
    sees(ada, ["one", "two and a half"])


def test_who_comes_back_to_an_edit_of_a_message_that_is_gone_keeps_the_text(visitor: NewPage, room: str) -> None:
    ada = said(visitor(), room, "one", "two")
    tool(ada, "two", "Edit")
    ada.locator(FIELD).fill("two and a half")
    other = enter(ada.context.new_page(), room)
    ada.goto("/chat/")
    tool(other, "two", "Delete")
    other.goto("/chat/")  # does not wait for an undo
    other.wait_for_load_state()
    enter(ada, room)
    expect(ada.get_by_text("The message was deleted meanwhile.")).to_be_visible()
    expect(ada.locator(FIELD)).to_have_value("two and a half")


def test_a_page_that_the_browser_translated_edits_what_was_typed(visitor: NewPage, room: str) -> None:
    ada = said(visitor(), room, "hello")
    ada.reload()
    is_ready(ada)
    ada.evaluate("document.querySelector('.message .text').innerHTML = '<font>bonjour</font>'")
    ada.keyboard.press("ArrowUp")
    expect(ada.locator(FIELD)).to_have_value("hello")


def test_by_keyboard_the_log_is_one_tab_stop_and_escape_leads_back(visitor: NewPage, room: str) -> None:
    ada, bob = said(visitor(), room, "one https://example.com/", "two"), enter(visitor(), room)
    say(bob, "three")
    sees(ada, ["one https://example.com/", "two", "three"])
    ada.keyboard.press("Shift+Tab")
    expect(ada.locator(".message", has_text="three")).to_be_focused()
    ada.keyboard.press("ArrowUp")
    expect(ada.locator(".message", has_text="two")).to_be_focused()
    ada.keyboard.press("Tab")
    expect(ada.get_by_role("button", name="React", exact=True)).to_be_focused()
    for name in ("Reply", "Edit", "Copy link", "Delete"):
        ada.keyboard.press("ArrowRight")
        expect(ada.get_by_role("button", name=name, exact=True)).to_be_focused()
    ada.keyboard.press("Tab")
    expect(ada.locator(FIELD)).to_be_focused()
    ada.keyboard.press("Shift+Tab")
    expect(ada.locator(".message", has_text="two")).to_be_focused()
    ada.keyboard.press("Home")
    expect(ada.locator("#m1")).to_be_focused()
    ada.keyboard.press("Escape")
    expect(ada.locator(FIELD)).to_be_focused()


def test_after_a_deletion_by_keyboard_the_focus_stays_among_the_messages(visitor: NewPage, room: str) -> None:
    ada = said(visitor(), room, "one", "two", "three")
    ada.locator("#m2").focus()
    ada.get_by_role("button", name="Delete", exact=True).press("Enter")
    expect(ada.locator("#m3")).to_be_focused()
    expect(ada.locator(".message")).to_have_count(2, timeout=10_000)
    expect(ada.locator("#m3")).to_be_focused()


def test_a_focused_message_that_was_edited_keeps_the_focus(visitor: NewPage, room: str) -> None:
    ada, bob = said(visitor(), room, "one", "two"), enter(visitor(), room)
    bob.locator("#m2").focus()
    tool(ada, "two", "Edit")
    say(ada, "two and a half")
    sees(bob, ["one", "two and a half"])
    expect(bob.locator("#m2")).to_be_focused()


def test_live_messages_are_announced_with_their_author_and_history_is_not(visitor: NewPage, room: str) -> None:
    said(visitor(), room, "long ago")
    ada = visitor()
    ada.add_init_script(
        """{
          const { attachShadow } = Element.prototype
          Element.prototype.attachShadow = function () { return attachShadow.call(this, { mode: "open" }) }
        }"""
    )
    enter(ada, room)
    bob = enter(visitor(), room)
    say(bob, "hello")
    say(bob, "again")
    announced = ada.locator("[aria-live=polite]")
    expect(announced).to_have_text(re.compile(r"^Anonymous-\w+, guest: again$"))
    assert ada.locator("#chat-log").get_attribute("aria-live") == "off"
    say(ada, "my own")
    sees(ada, ["long ago", "hello", "again", "my own"])
    expect(announced).not_to_contain_text("my own")


def test_an_edit_of_what_is_gone_already_keeps_the_text(visitor: NewPage, room: str) -> None:
    ada = said(visitor(), room, "one", "two")
    tool(ada, "two", "Edit")
    ada.locator(FIELD).fill("two and a half")
    answer = '{"type": "error", "code": "forbidden", "reason": "deleted", "detail": "It is gone."}'
    ada.route("**/messages/2/", lambda route: route.fulfill(status=403, body=answer, content_type="application/json"))
    ada.keyboard.press("Enter")
    expect(ada.get_by_text("The message was deleted meanwhile.")).to_be_visible()
    expect(ada.locator(FIELD)).to_have_value("two and a half")
    expect(ada.locator(".message.editing")).to_have_count(0)
