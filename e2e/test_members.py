"""Members of a room: by a link that a guest follows over a new account; their roles, and what the room is."""

from playwright.sync_api import Page, expect

from e2e.conftest import NewPage, are_stored, enter, is_ready, say, sees
from e2e.test_accounts import PASSWORD
from e2e.test_page import violations
from e2e.test_persons import name_of
from e2e.test_unread import account


def test_an_invitation_leads_a_guest_over_a_new_account_into_a_closed_room(visitor: NewPage, room: str) -> None:
    ada, guest = account(visitor, "Ada"), visitor()
    ada.goto("/rooms/new/")
    ada.get_by_label("Name").fill(room)
    ada.get_by_label("Who may come in").select_option("closed")
    ada.get_by_role("button", name="Make the room").click()
    say(is_ready(ada), "before you came")
    ada.get_by_role("link", name="Members and settings").click()
    ada.get_by_role("link", name="Invite by a link").click()
    ada.get_by_role("button", name="Make a link").click()
    assert violations(ada) == []
    link = ada.locator(".made code").inner_text()
    guest.goto(link)
    expect(guest.locator("h1")).to_contain_text(f"invites you to {room}")
    assert violations(guest) == []
    guest.get_by_role("link", name="Make an account and come in").click()
    guest.get_by_label("Name").fill(f"Guest {room}")
    guest.get_by_label("Password").fill(PASSWORD)
    guest.get_by_role("button", name="Make the account").click()
    guest.get_by_role("button", name="Come in").click()
    guest.wait_for_url(f"**/chat/{room}/")
    sees(is_ready(guest), ["before you came"])
    other = visitor()
    assert other.request.get(link).status == 404


def settings_of(page: Page) -> Page:
    page.get_by_role("link", name="Members and settings").click()
    page.get_by_role("heading", name="Members").wait_for()
    return page


def test_an_owner_makes_an_administrator_who_sets_the_topic_and_removes_nobody_above(
    visitor: NewPage, room: str
) -> None:
    ada, bob = account(visitor, "Ada"), account(visitor, "Bob")
    ada.goto("/rooms/new/")
    ada.get_by_label("Name").fill(room)
    ada.get_by_role("button", name="Make the room").click()
    is_ready(ada)
    say(enter(bob, room), "hello")
    are_stored(bob, 1)
    name = name_of(bob)
    expect(settings_of(bob).get_by_label("Topic")).to_have_count(0)
    bob.get_by_role("link", name="Back to the room").click()
    row = settings_of(ada).get_by_role("listitem").filter(has_text=name)
    row.get_by_label(f"Role of {name}").select_option("administrator")
    row.get_by_role("button", name="Save").click()
    is_ready(ada)
    settings_of(is_ready(bob)).get_by_label("Topic").fill("Tea, and what goes with it")
    expect(bob.get_by_label("Who may come in"), "that is for the owner").to_have_count(0)
    expect(bob.get_by_role("button", name="Remove Ada"), "who stands above").to_have_count(0)
    bob.get_by_role("button", name="Save").last.click()
    for page in (is_ready(bob), ada):
        expect(page.locator(".head .title p")).to_have_text("Tea, and what goes with it")


def test_a_room_that_becomes_closed_sends_away_who_does_not_belong_to_it(visitor: NewPage, room: str) -> None:
    ada, bob, guest = account(visitor, "Ada"), account(visitor, "Bob"), visitor()
    ada.goto("/rooms/new/")
    ada.get_by_label("Name").fill(room)
    ada.get_by_role("button", name="Make the room").click()
    is_ready(ada)
    say(enter(bob, room), "I belong here")
    are_stored(bob, 1)
    enter(guest, room)
    settings_of(ada).get_by_label("Who may come in").select_option("closed")
    ada.get_by_role("button", name="Save").last.click()
    expect(guest.locator(".connection[data-state=refused]")).to_be_visible()
    assert guest.reload().status == 404  # type: ignore[union-attr]
    say(is_ready(ada), "among ourselves")
    expect(bob.locator(".message .text").last).to_have_text("among ourselves")
    expect(bob.locator(".connection")).to_have_attribute("data-state", "open")
