"""Emoji on messages, in the page: pressed and taken back, by two tabs at once, by keyboard, from the panel."""

import random

import pytest
from playwright.sync_api import Page, expect

from e2e.conftest import NewPage, enter, is_ready, say


def offer(page: Page, id: int = 1) -> None:
    page.locator(f"#m{id}").hover()
    page.locator(f"#m{id}").get_by_role("button", name="React", exact=True).click()


def test_a_reaction_is_pressed_for_oneself_alone_and_a_press_takes_it_back(visitor: NewPage, room: str) -> None:
    ada, bob = enter(visitor(), room), enter(visitor(), room)
    say(ada, "tea?")
    bob.locator("#m1").wait_for()
    offer(bob)
    bob.locator(".quick").get_by_role("button", name="👍").click()
    expect(bob.locator("#m1 .reaction")).to_have_attribute("aria-pressed", "true")
    expect(ada.locator("#m1 .reaction")).to_have_attribute("aria-pressed", "false")
    ada.locator("#m1 .reaction").click()
    for page in (ada, bob):
        expect(page.locator("#m1 .reaction")).to_have_text("👍 2")
    ada.reload()
    expect(is_ready(ada).locator("#m1 .reaction")).to_have_attribute("aria-pressed", "true")
    for page in (ada, bob):
        page.locator("#m1 .reaction").click()
    for page in (ada, bob):
        expect(page.locator("#m1 .reaction")).to_have_count(0)


def test_two_tabs_that_press_the_same_at_random_end_with_the_same(visitor: NewPage, room: str) -> None:
    chosen = random.Random(7)
    ada = enter(visitor(), room)
    other = enter(ada.context.new_page(), room)
    bob = enter(visitor(), room)
    say(ada, "tea?")
    for page in (ada, other, bob):
        page.locator("#m1").wait_for()
    say(bob, "so that there is a second message")
    bob.locator("#m2").wait_for()
    offer(bob)
    bob.locator(".quick").get_by_role("button", name="👍").click()
    for page in (ada, other):
        page.locator("#m1 .reaction").wait_for()
    for _ in range(50):
        for page in chosen.sample([ada, other], 2):
            page.locator("#m1 .reaction").dispatch_event("click")
    say(ada, "done")
    say(other, "done")
    for page in (ada, other, bob):
        expect(page.locator(".message:not(.pending) .text", has_text="done")).to_have_count(2)
    bob.reload()
    truth = is_ready(bob).locator("#m1 .reaction").inner_text()
    pressed = "true" if truth == "👍 2" else "false"
    for page in (ada, other):
        expect(page.locator("#m1 .reaction")).to_have_text(truth)
        expect(page.locator("#m1 .reaction")).to_have_attribute("aria-pressed", pressed)


def test_by_keyboard(visitor: NewPage, room: str) -> None:
    ada = enter(visitor(), room)
    say(ada, "tea?")
    ada.locator("#m1").wait_for()
    ada.locator("#m1").focus()
    ada.locator("#m1").get_by_role("button", name="React", exact=True).press("Enter")
    expect(ada.locator(".quick button").first).to_be_focused()
    ada.keyboard.press("ArrowRight")
    ada.keyboard.press("Enter")
    expect(ada.locator("#m1 .reaction")).to_have_text("❤️ 1")


@pytest.mark.parametrize(("typed", "emoji"), [("hot bev", "☕"), ("热饮", "☕"), ("thumbsup", "👍")])
def test_the_panel_finds_emoji_in_both_languages_and_remembers_them(
    visitor: NewPage, room: str, typed: str, emoji: str
) -> None:
    ada = enter(visitor(), room)
    ada.get_by_role("button", name="Emoji").click()
    ada.get_by_label("Search emoji").fill(typed)
    expect(ada.locator(".picker .emoji button").first).to_have_text(emoji)
    ada.keyboard.press("Enter")
    expect(ada.locator("#chat-message-input")).to_have_value(emoji)
    expect(ada.locator(".picker")).to_have_count(0)
    ada.get_by_role("button", name="Emoji").click()
    expect(ada.locator(".picker .emoji button").first).to_have_text(emoji)
    ada.keyboard.press("Escape")
    expect(ada.locator("#chat-message-input")).to_be_focused()


def test_a_skin_tone_is_chosen_once(visitor: NewPage, room: str) -> None:
    ada = enter(visitor(), room)
    ada.get_by_role("button", name="Emoji").click()
    ada.get_by_role("button", name="Skin tone").click()
    ada.get_by_label("Search emoji").fill("thumbs up")
    expect(ada.locator(".picker .emoji button").first).to_have_text("👍🏻")
    ada.keyboard.press("Enter")
    ada.keyboard.press("Enter")
    expect(ada.locator("#m1 .text[data-big]")).to_have_text("👍🏻")


def test_a_name_after_a_colon_is_completed(visitor: NewPage, room: str) -> None:
    ada = enter(visitor(), room)
    ada.keyboard.type("well :party po")
    ada.keyboard.press("Backspace")
    expect(ada.locator("#completion")).to_be_hidden()
    ada.locator("#chat-message-input").fill("")
    ada.keyboard.type("well :tada")
    ada.locator("#completion li").first.wait_for()
    ada.keyboard.press("Enter")
    expect(ada.locator("#chat-message-input")).to_have_value("well 🎉 ")
    ada.keyboard.type("at 10:30")
    expect(ada.locator("#completion")).to_be_hidden()


def test_nothing_is_loaded_for_emoji_until_somebody_wants_one(visitor: NewPage, room: str) -> None:
    asked: list[str] = []
    ada = visitor()
    ada.on("request", lambda request: asked.append(request.url))
    enter(ada, room)
    assert not [url for url in asked if "emoji.json" in url or "picker" in url]
    with ada.expect_response("**/emoji.json"):
        ada.get_by_role("button", name="Emoji").click()
