"""The staff's page in a browser: a report appears live and is dealt with; who is banned while talking is sent away."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from e2e.conftest import PHONE, NewPage, enter, open_menu, say, sees, sign_in
from e2e.servers import Server
from e2e.test_accounts import sign_up

MAKE_STAFF = """
User.objects.filter(username="Moira").exists() or User.objects.create_superuser("Moira", password="{}")
"""
LIFT_ALL = "from chat.moderation.models import Ban; Ban.objects.all().delete()"
PASSWORD = "correct horse battery"


@pytest.fixture(scope="module", autouse=True)
def accounts(server: Server) -> Iterator[None]:
    server.manage("shell", "--verbosity", "0", "--command", MAKE_STAFF.format(PASSWORD))
    yield
    server.manage("shell", "--verbosity", "0", "--command", LIFT_ALL)  # others are guests from here as well


def staff_in(page: Page, room: str) -> Page:
    sign_in(page, "Moira", PASSWORD)
    return enter(page, room)


def staff_page(page: Page) -> Page:
    sign_in(page, "Moira", PASSWORD)
    page.goto("/moderation/")
    expect(page.get_by_role("status")).to_have_text("Live")
    return page


def more(page: Page, text: str, choice: str) -> None:
    """The menu of a message, by keyboard; from there its dialog, if it asks for one."""
    page.locator(".message:not(.pending)", has_text=text).focus()
    page.get_by_role("button", name="More", exact=True).press("Enter")
    page.get_by_role("menu", name="More").get_by_role("menuitem", name=choice).click()


def report(page: Page, text: str, why: str) -> None:
    more(page, text, "Report…")
    dialog = page.get_by_role("dialog", name="Report this message")
    expect(dialog).to_contain_text(text)
    dialog.get_by_label("What should the staff know?").fill(why)
    dialog.get_by_role("button", name="Send the report").click()
    expect(page.locator(".notice")).to_contain_text("Thank you.")
    expect(dialog).to_have_count(0)


def test_a_report_appears_live_is_dealt_with_and_its_author_is_banned(visitor: NewPage, room: str) -> None:
    moira, mallory, bob = staff_page(visitor()), enter(visitor(), room), enter(visitor(), room)
    say(mallory, "buy followers")
    expect(bob.locator(".message", has_text="buy followers")).to_be_visible()
    report(bob, "buy followers", "from nine names")
    entry = moira.locator(".entry", has_text="buy followers").filter(has_text=room)
    expect(entry).to_contain_text("advertisement: from nine names")
    entry.get_by_role("button", name="Delete").click()
    expect(bob.locator(".message", has_text="buy followers")).to_have_count(0)
    expect(entry).to_have_count(0)
    whom, name = [mallory.locator("#room").get_attribute(each) or "nobody" for each in ("data-you", "data-name")]
    moira.get_by_label("Whom").fill(whom)
    moira.get_by_role("button", name="Ban", exact=True).click()
    expect(mallory.locator(".connection[data-state=refused]")).to_contain_text("You are banned")
    expect(mallory.locator(".notice")).to_contain_text("What you wrote stays here")
    mallory.reload()
    expect(mallory.get_by_role("heading", name="You are banned")).to_be_visible()
    expect(moira.get_by_role("region", name="The record", exact=True)).to_contain_text(name)
    lift = moira.locator("li", has_text=whom).get_by_role("button", name="Lift")
    lift.click()
    expect(lift).to_have_count(0)
    guests_from_here = moira.locator("li", has_text="127.0.0.1").get_by_role("button", name="Lift")
    guests_from_here.click()
    expect(guests_from_here).to_have_count(0)
    back = enter(visitor(), room)
    say(back, "back again")
    expect(back.locator(".message:not(.pending)", has_text="back again")).to_be_visible()


def test_who_is_muted_is_told_until_when_and_keeps_what_was_written(visitor: NewPage, room: str) -> None:
    moira, mallory = staff_in(visitor(), room), enter(visitor(), room)
    say(mallory, "so rude")
    expect(moira.locator(".message", has_text="so rude")).to_be_visible()
    more(moira, "so rude", "Mute here…")
    moira.get_by_role("dialog").get_by_role("button", name="Mute").click()
    expect(moira.locator(".notice")).to_contain_text("Muted.")
    say(mallory, "and ruder")
    expect(mallory.locator(".notice")).to_contain_text("You are muted in this room until")
    expect(mallory.locator("#chat-message-input")).to_have_value("and ruder")
    expect(mallory.locator(".message.failed")).to_have_count(0)
    sees(moira, ["so rude"])


def test_slow_mode_counts_down_and_then_sends_what_waited(visitor: NewPage, room: str, server: Server) -> None:
    mallory = enter(visitor(), room)
    say(mallory, "one")
    sees(mallory, ["one"])
    slow = f"from chat.models import Room; Room.objects.filter(name='{room}').update(slow_seconds=6)"
    server.manage("shell", "--verbosity", "0", "--command", slow)
    say(mallory, "two")
    say(mallory, "three")
    expect(mallory.locator(".notice")).to_contain_text("slow mode")
    for text in ("two", "three"):
        expect(mallory.locator(".message:not(.pending)", has_text=text)).to_be_visible(timeout=15_000)
    expect(mallory.locator(".notice p")).to_have_text("")


def test_the_menu_of_a_message_goes_by_keyboard_and_back_and_offers_guests_no_more_than_a_report(
    visitor: NewPage, room: str
) -> None:
    ada, bob = enter(visitor(), room), enter(visitor(), room)
    say(bob, "hello")
    message = ada.locator(".message:not(.pending)")
    message.focus()
    ada.get_by_role("button", name="More", exact=True).press("Enter")
    items = ada.get_by_role("menuitem")
    expect(items).to_have_text(["Mark unread from here", "Report…"])
    expect(items.first).to_be_focused()
    ada.keyboard.press("Escape")
    expect(ada.get_by_role("menu")).to_have_count(0)
    expect(message).to_be_focused()
    report(ada, "hello", "")
    expect(message).to_be_focused()


def test_staff_delete_on_a_phone_what_another_said(visitor: NewPage, room: str) -> None:
    moira, mallory = staff_in(visitor(**PHONE), room), enter(visitor(), room)
    say(mallory, "so rude")
    moira.locator(".message .text", has_text="so rude").tap()
    moira.get_by_role("button", name="More", exact=True).tap()
    moira.get_by_role("menuitem", name="Delete", exact=True).tap()
    expect(moira.locator(".notice")).to_contain_text("Deleted.")
    expect(mallory.locator(".message")).to_have_count(0, timeout=12_000)


def test_without_a_script_one_reports_a_message_and_opens_ones_menu(visitor: NewPage, room: str) -> None:
    say(enter(visitor(), room), "buy followers")
    ada = visitor(java_script_enabled=False)
    ada.goto(f"/chat/{room}/")
    ada.get_by_role("link", name="Report a message").click()
    ada.get_by_role("listitem").filter(has_text="buy followers").get_by_role("link").click()
    ada.get_by_label("It attacks somebody").check()
    ada.get_by_role("button", name="Send the report").click()
    expect(ada.get_by_role("heading", name="Thank you")).to_be_visible()
    ada.get_by_role("link", name="Back to the room").click()
    open_menu(ada)
    expect(ada.get_by_role("link", name="Sign in")).to_be_visible()


def test_the_owner_of_a_room_mutes_somebody_there_and_lifts_it_again(visitor: NewPage, room: str) -> None:
    ada, bob = visitor(), visitor()
    sign_up(ada, f"Ada {room}")
    ada.goto("/rooms/new/")
    ada.get_by_label("Name").fill(room)
    ada.get_by_role("button", name="Make the room").click()
    enter(ada, room)
    say(enter(bob, room), "too loud")
    more(ada, "too loud", "Mute here…")
    ada.get_by_role("dialog").get_by_role("button", name="Mute").click()
    expect(ada.locator(".notice")).to_contain_text("Muted.")
    say(bob, "even louder")
    expect(bob.locator(".notice")).to_contain_text("muted")
    ada.get_by_role("link", name="Members and settings").click()
    ada.get_by_role("link", name="Mutes").click()
    ada.get_by_role("button", name="Lift the mute").click()
    expect(ada.get_by_text("Nobody is muted here.")).to_be_visible()
    say(bob, "quietly")
    expect(bob.locator(".message.mine .text").last).to_have_text("quietly")
