"""Members of a room by a link: made by its owner, followed by a guest who makes an account on the way."""

from playwright.sync_api import expect

from e2e.conftest import NewPage, is_ready, say, sees
from e2e.test_accounts import PASSWORD
from e2e.test_page import violations
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
