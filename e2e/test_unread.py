"""What one has not read: numbers beside the rooms and in the title, and a line above the first new message."""

import re
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from e2e.conftest import NewPage, are_stored, enter, is_ready, say, sees
from e2e.faults.front import Front
from e2e.test_accounts import sign_up


def account(visitor: NewPage, name: str) -> Page:
    page = visitor()
    sign_up(page, f"{name} {uuid4().hex[:8]}")
    return page


def row(page: Page, room: str) -> object:
    return page.locator(f'#sidebar .row[data-room="{room}"] .count')


def test_what_is_said_elsewhere_is_counted_until_it_is_read_on_any_page(visitor: NewPage, room: str) -> None:
    ada, bob = account(visitor, "Ada"), enter(visitor(), room)
    say(enter(ada, room), "I belong here")
    other = ada.context.new_page()
    enter(other, f"{room}-other")
    ada.goto("/chat/")
    for text in ("one", "two"):
        say(bob, text)
    expect(row(other, room)).to_have_text("2 unread")
    other.bring_to_front()
    third = ada.context.new_page()
    enter(third, room)
    sees(third, ["I belong here", "one", "two"])
    expect(third.locator(".rule.new + .message .text")).to_have_text("one")
    expect(row(other, room)).to_have_count(0)
    expect(third.locator(".rule.new")).to_have_count(1)
    say(bob, "three")
    expect(row(other, room)).to_have_count(0)


@pytest.mark.parametrize("blocked", [(b"Upgrade: websocket",), (b"Upgrade: websocket", b"/events/")])
def test_where_a_websocket_is_blocked_numbers_come_as_quickly(
    visitor: NewPage, room: str, front: Front, blocked: tuple[bytes, ...]
) -> None:
    ada, bob = account(visitor, "Ada"), enter(visitor(), room)
    say(enter(ada, room), "I belong here")
    are_stored(ada, 1)
    front.blocked = blocked
    ada.goto(f"{front.url}/chat/{room}-other/")
    expect(ada.locator(".connection")).to_have_attribute("data-transport", "events" if len(blocked) == 1 else "poll")
    is_ready(ada)
    for number, text in enumerate(("one", "two"), 1):
        say(bob, text)
        expect(row(ada, room)).to_have_text(f"{number} unread", timeout=5_000)
        expect(ada.locator("#sidebar .rooms .row").first).to_have_text(re.compile(f"^{room}"))


def test_a_direct_message_counts_as_meant_for_me_and_in_the_title(visitor: NewPage, room: str) -> None:
    ada, bob = account(visitor, "Ada"), account(visitor, "Bob")
    name = enter(ada, room).locator("#room").get_attribute("data-name")
    bob.goto(f"/chat/@{name}/")
    say(enter(bob, f"@{name}"), "psst")
    sees(bob, ["psst"])
    expect(ada).to_have_title(f"(1) {room}")
    expect(ada.locator("#sidebar .row .count.mine")).to_have_text("1 unread")
    ada.locator("#sidebar .row", has=ada.locator(".count.mine")).click()
    sees(ada, ["psst"])
    say(ada, "what is it?")
    sees(bob, ["psst", "what is it?"])


def test_on_a_small_screen_the_button_of_the_hidden_list_says_that_something_is_new(
    visitor: NewPage, room: str
) -> None:
    ada, bob = account(visitor, "Ada"), enter(visitor(), room)
    say(enter(ada, room), "I belong here")
    are_stored(ada, 1)
    ada.set_viewport_size({"width": 390, "height": 844})
    enter(ada, f"{room}-other")
    button = ada.locator(".menu")
    expect(button).to_have_accessible_name("Rooms")
    say(bob, "hello")
    expect(button).to_have_accessible_name("Rooms, with unread messages")
    assert button.evaluate("(e) => getComputedStyle(e, '::after').content") == '""'
    button.click()
    ada.locator(f'#sidebar .row[data-room="{room}"]').click()
    sees(ada, ["I belong here", "hello"])
    expect(button).to_have_accessible_name("Rooms")


def mark_unread(page: Page, number: int) -> None:
    page.locator(f"#m{number}").hover()
    page.get_by_role("toolbar", name="This message").get_by_role("button", name="More").click()
    page.get_by_role("menuitem", name="Mark unread from here").click()


def test_what_was_marked_unread_is_unread_on_all_pages_until_one_speaks(visitor: NewPage, room: str) -> None:
    ada, bob = account(visitor, "Ada"), enter(visitor(), room)
    say(enter(ada, room), "I belong here")
    for text in ("one", "two", "three"):
        say(bob, text)
    sees(ada, ["I belong here", "one", "two", "three"])
    other = ada.context.new_page()
    enter(other, f"{room}-other")
    expect(row(other, room)).to_have_count(0)
    ada.bring_to_front()
    mark_unread(ada, 3)
    expect(ada.locator(".rule.new + .message .text")).to_have_text("two")
    expect(row(other, room)).to_have_text("2 unread")
    expect(row(ada, room)).to_have_text("2 unread")
    mark_unread(ada, 2)
    expect(ada.locator(".rule.new + .message .text")).to_have_text("one")
    expect(ada.locator(".rule.new")).to_have_count(1)
    expect(row(other, room)).to_have_text("3 unread")
    ada.reload()
    expect(ada.locator(".rule.new + .message .text")).to_have_text("one")
    say(ada, "I am back")
    expect(row(other, room)).to_have_count(0)


def test_a_guest_marks_unread_in_this_browser(visitor: NewPage, room: str) -> None:
    ada, bob = enter(visitor(), room), enter(visitor(), room)
    for text in ("one", "two"):
        say(bob, text)
    sees(ada, ["one", "two"])
    ada.wait_for_function("key => localStorage[key] === '2'", arg=f"chat-read-{room}")
    mark_unread(ada, 2)
    expect(ada.locator(".rule.new + .message .text")).to_have_text("two")
    enter(ada, f"{room}-other")
    enter(ada, room)
    expect(ada.locator(".rule.new + .message .text")).to_have_text("two")


def test_a_guests_line_is_kept_in_the_browser(visitor: NewPage, room: str) -> None:
    ada, bob = enter(visitor(), room), enter(visitor(), room)
    say(bob, "one")
    sees(ada, ["one"])
    ada.wait_for_function("key => localStorage[key] === '1'", arg=f"chat-read-{room}")
    ada.goto("/chat/")
    say(bob, "two")
    are_stored(bob, 2)
    enter(ada, room)
    expect(ada.locator(".rule.new + .message .text")).to_have_text("two")


def test_what_is_unread_to_a_guest_is_counted_from_where_this_browser_left_off(visitor: NewPage, room: str) -> None:
    ada, bob = enter(visitor(), room), enter(visitor(), room)
    say(bob, "one")
    sees(ada, ["one"])
    ada.wait_for_function("key => localStorage[key] === '1'", arg=f"chat-read-{room}")
    enter(ada, f"{room}-other")
    lobby, stranger = ada.context.new_page(), enter(visitor(), f"{room}-other")
    lobby.goto("/chat/")
    for text in ("two", "three"):
        say(bob, text)
    expect(row(ada, room)).to_have_text("2 unread")
    expect(lobby.locator(f'.entry[data-room="{room}"] .count')).to_have_text("2 unread")
    expect(row(stranger, room)).to_have_count(0)  # never was in that room
    third = ada.context.new_page()
    enter(third, room)
    expect(third.locator(".rule.new + .message .text")).to_have_text("two")
    expect(row(ada, room)).to_have_count(0)
    expect(lobby.locator(f'.entry[data-room="{room}"] .count')).to_have_count(0)


def test_who_is_removed_is_shown_out_and_finds_nothing_there_any_more(visitor: NewPage, room: str) -> None:
    ada, bob = account(visitor, "Ada"), account(visitor, "Bob")
    name = enter(bob, room).locator("#room").get_attribute("data-name")
    ada.goto("/rooms/new/")
    ada.get_by_label("Name").fill(f"{room}-closed")
    ada.get_by_label("Who may come in").select_option("closed")
    ada.get_by_role("button", name="Make the room").click()
    ada.wait_for_url(f"**/chat/{room}-closed/")
    ada.get_by_role("link", name="Members and settings").click()
    ada.get_by_label("Add somebody").fill(name or "")
    ada.get_by_role("button", name="Add", exact=True).click()
    expect(bob.locator(f'#sidebar .row[data-room="{room}-closed"]')).to_be_visible()  # without loading the page again
    say(enter(bob, f"{room}-closed"), "thank you")
    ada.goto(f"/chat/{room}-closed/members/")
    ada.get_by_role("button", name=f"Remove {name}").click()
    expect(bob.locator(".connection")).to_contain_text("not belong to this room")
    assert bob.request.get(f"/chat/{room}-closed/").status == 404
