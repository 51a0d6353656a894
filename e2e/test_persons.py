"""Other people: the card at a disc or a name, the way to a direct room, and blocking, as two people see it."""

from playwright.sync_api import Locator, Page, expect

from e2e.conftest import PHONE, NewPage, are_stored, enter, is_ready, say
from e2e.test_page import violations
from e2e.test_unread import account

DESKTOP = {"viewport": {"width": 1280, "height": 800}}


def name_of(page: Page) -> str:
    return page.locator("#room").get_attribute("data-name") or ""


def two_accounts(visitor: NewPage, room: str) -> tuple[Page, Page]:
    """Ada and Bob, who has said something."""
    ada, bob = enter(account(visitor, "Ada"), room), enter(account(visitor, "Bob"), room)
    say(bob, "hello")
    are_stored(bob, 1)
    expect(ada.locator(".message .text")).to_have_text("hello")
    return ada, bob


def card_of(page: Page, name: str) -> Locator:
    return page.get_by_role("menu", name=name)


def asked(page: Page) -> Locator:
    return page.get_by_role("dialog")


def test_from_a_disc_or_a_name_one_comes_to_the_direct_room_of_the_two(visitor: NewPage, room: str) -> None:
    ada, bob = two_accounts(visitor, room)
    name = name_of(bob)
    ada.locator(".message .disc").click()
    expect(card_of(ada, name).get_by_role("menuitem")).to_have_text(["Direct message", "Mention", "Block…"])
    expect(card_of(ada, name).get_by_role("menuitem").first).to_be_focused()
    assert violations(ada) == []
    ada.keyboard.press("Escape")
    expect(card_of(ada, name)).to_have_count(0)
    ada.locator(".message .author").click()
    card_of(ada, name).get_by_role("menuitem", name="Direct message").click()
    expect(is_ready(ada).locator("h1")).to_have_text(name)
    expect(ada.locator(".head .title p")).to_have_text("Only the two of you can read this.")
    say(ada, "psst")
    are_stored(ada, 1)
    row = bob.locator("#sidebar .row", has_text=name_of(ada))
    expect(row.locator(".count.mine")).to_have_text("1 unread")
    row.click()
    is_ready(bob).locator(".message .author").click()
    expect(card_of(bob, name_of(ada)).get_by_role("menuitem")).to_have_text(["Mention", "Block…"])


def test_a_name_is_mentioned_from_its_card(visitor: NewPage, room: str) -> None:
    ada, bob = two_accounts(visitor, room)
    ada.locator("#chat-message-input").fill("thanks,")
    ada.locator(".message .author").click()
    card_of(ada, name_of(bob)).get_by_role("menuitem", name="Mention").click()
    expect(ada.locator("#chat-message-input")).to_have_value(f"thanks, @{name_of(bob)} ")
    expect(ada.locator("#chat-message-input")).to_be_focused()


def test_whom_one_blocks_cannot_write_in_the_room_of_the_two_until_it_is_taken_back(
    visitor: NewPage, room: str
) -> None:
    ada, bob = two_accounts(visitor, room)
    ada.locator(".message .author").click()
    card_of(ada, name_of(bob)).get_by_role("menuitem", name="Block…").click()
    expect(asked(ada)).to_contain_text("In rooms with more people nothing changes.")
    assert violations(ada) == []
    asked(ada).get_by_role("button", name="Block", exact=True).click()
    expect(ada.locator(".notice")).to_contain_text(f"{name_of(bob)} cannot write to you directly any more.")
    expect(asked(ada)).to_have_count(0)
    say(bob, "still here")
    expect(ada.locator(".message .text").last).to_have_text("still here")
    direct = enter(bob.context.new_page(), f"@{name_of(ada)}")
    say(direct, "and here?")
    expect(direct.locator(".message.failed")).to_contain_text("does not take messages from you")
    message = ada.locator(".message").last
    message.focus()
    ada.get_by_role("button", name="More", exact=True).press("Enter")
    ada.get_by_role("menu", name="More").get_by_role("menuitem", name="Block…").press("Enter")
    expect(asked(ada).get_by_role("heading", name=f"Unblock {name_of(bob)}")).to_be_focused()
    asked(ada).get_by_role("button", name="Unblock", exact=True).press("Enter")
    expect(asked(ada)).to_have_count(0)
    expect(message).to_be_focused()
    direct.get_by_role("button", name="Try again").click()
    are_stored(direct, 1)


def test_the_direct_room_says_at_once_who_is_blocked(visitor: NewPage, room: str) -> None:
    ada, bob = two_accounts(visitor, room)
    enter(ada, f"@{name_of(bob)}")
    enter(bob, f"@{name_of(ada)}")
    say(bob, "psst")
    ada.locator(".message .disc").click()
    card_of(ada, name_of(bob)).get_by_role("menuitem", name="Block…").click()
    asked(ada).get_by_role("button", name="Block", exact=True).click()
    expect(ada.locator(".head .title p")).to_have_text("You have blocked them. Unblock")
    ada.locator(".head .title").get_by_role("link", name="Unblock").click()
    expect(ada.locator("h1")).to_have_text(name_of(bob))
    assert violations(ada) == []
    ada.get_by_role("button", name="Unblock").click()
    expect(is_ready(ada).locator(".head .title p")).to_have_text("Only the two of you can read this.")


def test_in_the_list_of_people_a_card_opens_by_keyboard_and_gives_the_focus_back(visitor: NewPage, room: str) -> None:
    ada, bob = enter(account(lambda: visitor(**DESKTOP), "Ada"), room), enter(account(visitor, "Bob"), room)
    guest = enter(visitor(), room)
    ada.get_by_role("button", name="People: 3 here").click()
    people = ada.get_by_role("complementary", name="People")
    row = people.get_by_role("button", name=name_of(bob))
    expect(people.locator("li button")).to_have_count(1)  # neither oneself nor a guest
    row.focus()
    ada.keyboard.press("Enter")
    expect(card_of(ada, name_of(bob)).get_by_role("menuitem", name="Direct message")).to_be_focused()
    guest.context.close()  # the list is made again while the card is open
    expect(people.locator("li")).to_have_count(2, timeout=30_000)
    ada.keyboard.press("Escape")
    expect(row).to_be_focused()
    ada.keyboard.press("Enter")
    items = card_of(ada, name_of(bob))
    expect(items.get_by_role("menuitem", name="Direct message")).to_be_focused()
    ada.keyboard.press("ArrowUp")
    expect(items.get_by_role("menuitem", name="Block…")).to_be_focused()
    ada.keyboard.press("Enter")
    expect(asked(ada).get_by_role("heading", name=f"Block {name_of(bob)}")).to_be_focused()
    ada.keyboard.press("Escape")
    expect(row).to_be_focused()


def test_by_finger_a_long_press_has_the_same(visitor: NewPage, room: str) -> None:
    ada, bob = two_accounts(lambda **options: visitor(**(PHONE | options)), room)
    ada.locator(".message .author").tap()
    card_of(ada, name_of(bob)).get_by_role("menuitem", name="Block…").tap()
    asked(ada).get_by_role("button", name="Cancel").tap()
    expect(asked(ada)).to_have_count(0)


def test_a_guest_may_mention_an_account_and_guests_have_no_card(visitor: NewPage, room: str) -> None:
    ada, guest = enter(account(visitor, "Ada"), room), enter(visitor(), room)
    say(ada, "hello")
    say(guest, "hi")
    guest.locator(".message:not(.mine) .author").click()
    expect(card_of(guest, name_of(ada)).get_by_role("menuitem")).to_have_text(["Mention"])
    guest.keyboard.press("Escape")
    message = ada.locator(".message:not(.mine)")
    message.locator(".disc").click()
    ada.get_by_role("button", name="More", exact=True).click()
    expect(ada.get_by_role("menuitem")).to_have_text(["Mark unread from here", "Report…"])


def test_without_a_script_one_writes_to_somebody_and_blocks_them_from_the_list_of_members(
    visitor: NewPage, room: str
) -> None:
    ada, bob = two_accounts(visitor, room)
    name = name_of(bob)
    plain = visitor(java_script_enabled=False)
    plain.context.add_cookies(ada.context.cookies())
    plain.goto(f"/chat/{room}/members/")
    plain.get_by_role("link", name=name).click()
    plain.get_by_role("button", name="Block", exact=True).click()
    expect(plain.locator(".head .title p")).to_have_text("You have blocked them. Unblock")
    plain.get_by_role("link", name="Members and settings").click()
    plain.get_by_role("link", name=f"Unblock {name}").click()
    plain.get_by_role("button", name="Unblock").click()
    expect(plain.locator("h1")).to_have_text(name)
    expect(plain.locator(".head .title p")).to_have_text("Only the two of you can read this.")
