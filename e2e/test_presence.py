"""Who is here, and who is writing, as it is seen in a browser."""

import re

from playwright.sync_api import expect

from e2e.conftest import PHONE, NewPage, enter, say


def test_the_list_of_people_follows_who_comes_is_renamed_and_goes(visitor: NewPage, room: str) -> None:
    ada, bob = enter(visitor(viewport={"width": 1280, "height": 800}), room), enter(visitor(), room)
    people = ada.get_by_role("button", name="People: 2 here")
    expect(people).to_be_visible()
    people.click()
    expect(ada.get_by_role("complementary", name="People")).to_be_visible()
    expect(ada.locator("#people li")).to_have_count(2)
    expect(ada.locator("#people li", has_text="you")).to_have_count(1)
    say(bob, "/name Bob")
    expect(ada.locator("#people li bdi", has_text=re.compile("^Bob$"))).to_be_visible()
    bob.reload()
    expect(bob.locator(".connection[data-state=open]")).to_be_attached()
    expect(ada.locator("#people li")).to_have_count(2)
    bob.context.close()
    expect(ada.locator("#people li")).to_have_count(1, timeout=15_000)
    ada.reload()
    expect(ada.get_by_role("complementary", name="People"), "a panel stays open").to_be_visible()


def test_on_a_phone_the_list_is_a_drawer_that_escape_closes(visitor: NewPage, room: str) -> None:
    ada = enter(visitor(**PHONE), room)
    people = ada.get_by_role("button", name="People: 1 here")
    people.tap()
    expect(ada.get_by_role("complementary", name="People")).to_be_visible()
    ada.keyboard.press("Escape")
    expect(ada.locator("#people")).to_be_hidden()
    expect(people).to_be_focused()


def test_who_is_writing_is_shown_until_they_have_said_it_or_stop(visitor: NewPage, room: str) -> None:
    ada, bob = enter(visitor(), room), enter(visitor(), room)
    say(ada, "/name Ada")
    expect(ada.locator("#name")).to_have_value("Ada")
    ada.locator("#chat-message-input").press_sequentially("hello")
    typing = bob.locator(".notice", has_text="Ada")
    expect(typing).to_contain_text("is typing")
    expect(ada.locator(".notice", has_text="typing")).to_have_count(0)
    ada.keyboard.press("Enter")
    expect(bob.locator(".message", has_text="hello")).to_be_visible()
    expect(typing).to_have_count(0)
    ada.locator("#chat-message-input").press_sequentially("well")
    expect(typing).to_contain_text("is typing")
    expect(typing).to_have_count(0, timeout=8_000)
