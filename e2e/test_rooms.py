"""The journeys of part 4 of the Channels tutorial, and the rest of an ordinary day in a room."""

import re

from playwright.sync_api import expect

from e2e.conftest import PHONE, NewPage, are_stored, enter, open_menu, say, sees


def test_a_name_typed_in_the_lobby_and_enter_leads_into_the_room(visitor: NewPage, room: str) -> None:
    ada = visitor()
    ada.goto("/chat/")
    ada.keyboard.type(room)
    ada.keyboard.press("Enter")
    ada.wait_for_url(f"**/chat/{room}/")


def test_a_name_may_be_typed_with_a_hash_before_it(visitor: NewPage, room: str) -> None:
    ada = visitor()
    ada.goto("/chat/")
    ada.keyboard.type(f"#{room}")
    ada.keyboard.press("Enter")
    ada.wait_for_url(f"**/chat/{room}/")


def test_a_message_typed_and_enter_is_seen_in_both_windows_of_a_room(visitor: NewPage, room: str) -> None:
    ada, bob = enter(visitor(), room), enter(visitor(), room)
    ada.keyboard.type("hello")
    ada.keyboard.press("Enter")
    for page in (ada, bob):
        sees(page, ["hello"])


def test_a_message_is_not_seen_in_another_room(visitor: NewPage, room: str) -> None:
    ada, carol = enter(visitor(), room), enter(visitor(), f"{room}-other")
    say(ada, "hello")
    say(carol, "world")
    sees(carol, ["world"])
    sees(ada, ["hello"])


def test_what_was_said_is_there_for_whoever_comes_later(visitor: NewPage, room: str) -> None:
    ada = enter(visitor(), room)
    say(ada, "one")
    say(ada, "two")
    are_stored(ada, 2)
    sees(enter(visitor(), room), ["one", "two"])


def test_enter_sends_and_shift_enter_begins_a_line(visitor: NewPage, room: str) -> None:
    ada = enter(visitor(), room)
    ada.keyboard.type("one")
    ada.keyboard.press("Shift+Enter")
    ada.keyboard.type("two")
    ada.keyboard.press("Enter")
    expect(ada.locator(".message:not(.pending) .text")).to_have_text("one\ntwo", use_inner_text=True)
    expect(ada.locator("#chat-message-input")).to_have_value("")
    expect(ada.locator("#chat-message-input")).to_be_focused()


def test_a_guest_changes_the_name_by_the_field_and_by_slash_name_and_it_is_remembered(
    visitor: NewPage, room: str
) -> None:
    ada = enter(visitor(), room)
    field = ada.get_by_label("Your name")
    expect(field).to_have_value(re.compile("Anonymous-"))
    open_menu(ada)
    field.fill("Ada")
    field.press("Enter")
    expect(ada.locator(".name .status")).to_have_text("Saved.")
    say(ada, "as Ada")
    expect(ada.locator(".message:not(.pending) .author")).to_have_text("Ada")
    say(ada, "/name Countess")
    expect(field).to_have_value("Countess")
    say(ada, "as Countess")
    expect(ada.locator(".message:not(.pending) .author").last).to_have_text("Countess")
    ada.reload()
    expect(ada.get_by_label("Your name")).to_have_value("Countess")
    sees(ada, ["as Ada", "as Countess"])


def test_messages_of_one_author_are_grouped_under_one_name_and_one_day(visitor: NewPage, room: str) -> None:
    ada, bob = enter(visitor(), room), enter(visitor(), room)
    for text in ("one", "two"):
        say(ada, text)
        expect(bob.get_by_text(text, exact=True)).to_be_visible()
    say(bob, "three")
    expect(ada.get_by_text("three", exact=True)).to_be_visible()
    for page in (ada, bob):
        expect(page.locator(".message:not(.continues)")).to_have_count(2)
        expect(page.locator(".message .disc:visible")).to_have_count(2)
        expect(page.locator(".day")).to_have_count(1)
    expect(ada.locator(".message.mine")).to_have_count(2)
    expect(ada.locator(".message time").first).to_have_attribute("title", re.compile(r"\d{4}"))


def fill(page: object, room: str, count: int) -> None:
    """Messages by the socket itself, faster than typing."""
    page.evaluate(
        """([room, count]) => new Promise((done) => {
          const socket = new WebSocket(`ws://${location.host}/ws/chat/${room}/`, "chat.v1")
          let acks = 0
          socket.onopen = () => {
            for (let n = 1; n <= count; n++)
              socket.send(JSON.stringify({ message: `message ${n}`, client_id: crypto.randomUUID() }))
          }
          socket.onmessage = ({ data }) => {
            acks += [JSON.parse(data)].flat().filter((event) => event.type === "ack").length
            if (acks === count) { socket.close(); done() }
          }
        })""",
        [room, count],
    )


def test_scrolling_up_loads_older_messages_and_keeps_the_place(visitor: NewPage, room: str) -> None:
    ada = enter(visitor(), room)
    fill(ada, room, 130)
    ada = enter(visitor(), room)
    expect(ada.locator(".message")).to_have_count(50)
    ada.locator("#chat-log").evaluate("(log) => (log.scrollTop = -log.scrollHeight)")
    first = ada.locator("#m81")
    top = first.bounding_box()
    expect(ada.locator(".message")).to_have_count(100)
    assert top
    after = first.bounding_box()
    assert after
    assert abs(after["y"] - top["y"]) < 60  # the link to older messages made way for them
    ada.locator("#chat-log").evaluate("(log) => (log.scrollTop = -log.scrollHeight)")
    expect(ada.locator(".older")).to_have_count(0)
    sees(ada, [f"message {n}" for n in range(1, 131)])


def test_a_reader_further_up_is_left_there_and_told_of_new_messages(visitor: NewPage, room: str) -> None:
    ada = enter(visitor(), room)
    fill(ada, room, 60)
    bob = enter(visitor(), room)
    log = bob.locator("#chat-log")
    assert log.evaluate("(log) => log.scrollTop") == 0
    log.evaluate("(log) => (log.scrollTop = -300)")
    place = bob.locator("#m40").bounding_box()
    assert place
    say(ada, "news")
    button = bob.get_by_role("button", name="1 new message")
    expect(button).to_be_visible()
    after = bob.locator("#m40").bounding_box()
    assert after
    assert abs(after["y"] - place["y"]) < 1  # a scroll position is rounded
    button.click()
    expect(bob.get_by_text("news")).to_be_in_viewport()
    expect(button).to_be_hidden()
    say(ada, "more news")
    expect(bob.get_by_text("more news")).to_be_in_viewport()


def test_addresses_can_be_clicked_and_open_beside_the_room(visitor: NewPage, room: str) -> None:
    ada = enter(visitor(), room)
    say(ada, "see https://example.com/a?b=1 please")
    link = ada.locator(".message:not(.pending) a")
    expect(link).to_have_attribute("href", "https://example.com/a?b=1")
    expect(link).to_have_attribute("target", "_blank")


def test_a_message_that_is_too_long_is_not_sent_and_not_cut(visitor: NewPage, room: str) -> None:
    ada = enter(visitor(), room)
    say(ada, "x" * 4001)
    expect(ada.get_by_text("4,001 of 4,000 characters")).to_be_visible()
    expect(ada.locator("#chat-message-input")).to_have_value("x" * 4001)
    sees(ada, [])


def test_on_a_phone_the_rooms_slide_in_and_go_by_escape(visitor: NewPage, room: str) -> None:
    ada = enter(visitor(**PHONE), room)
    rooms = ada.get_by_role("navigation", name="Rooms")
    expect(rooms).to_be_hidden()
    ada.get_by_role("button", name="Rooms").tap()
    expect(rooms).to_be_visible()
    ada.keyboard.press("Escape")
    expect(rooms).to_be_hidden()
    assert ada.evaluate("document.documentElement.scrollWidth") <= 360


def test_a_room_of_any_script_can_be_entered(visitor: NewPage) -> None:
    for name in ("学习", "हिन्दी"):
        ada, bob = enter(visitor(), name), enter(visitor(), name)
        say(ada, f"hello {id(ada)}")
        expect(bob.get_by_text(f"hello {id(ada)}")).to_be_visible()
