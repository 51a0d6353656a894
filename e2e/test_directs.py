"""A direct room of several people: made by a form, with names completed or typed, and seen by each of them."""

from playwright.sync_api import Page, expect

from e2e.conftest import NewPage, are_stored, enter, is_ready, say, sees
from e2e.test_page import violations
from e2e.test_persons import name_of
from e2e.test_unread import account


def people(visitor: NewPage, room: str, *names: str) -> list[Page]:
    """Accounts that belong to a public room: who may be known is completed."""
    pages = [enter(account(visitor, name), room) for name in names]
    for page in pages:
        say(page, "hello")
        are_stored(page, 1)
    return pages


def test_three_people_talk_in_a_room_that_one_makes_by_their_names(visitor: NewPage, room: str) -> None:
    ada, bob, grace = people(visitor, room, "Ada", "Bob", "Grace")
    ada.get_by_role("link", name="New direct room").click()
    field = ada.get_by_label("With whom")
    expect(field).to_be_focused()
    assert violations(ada) == []
    for page in (bob, grace):
        field.press_sequentially(name_of(page)[:-1])
        expect(ada.get_by_role("option")).to_have_text([name_of(page)[0] + name_of(page)])
        ada.keyboard.press("Enter")
    expect(field).to_have_value(f"{name_of(bob)}, {name_of(grace)}, ")
    ada.keyboard.press("Enter")
    expect(is_ready(ada).locator("h1")).to_have_text(f"{name_of(bob)}, {name_of(grace)}")
    expect(ada.locator(".head .title p")).to_have_text("Only the 3 of you can read this.")
    say(ada, "just us")
    are_stored(ada, 1)
    row = bob.locator("#sidebar .row", has_text=f"{name_of(ada)}, {name_of(grace)}")
    expect(row.locator(".count.mine")).to_have_text("1 unread")
    expect(row.locator(".disc")).to_have_text(["A", "G"])
    row.click()
    say(is_ready(bob), "agreed")
    for page in (ada, bob, enter(grace, name_in_address(ada))):
        sees(page, ["just us", "agreed"])
    stranger = account(visitor, "Mallory")
    assert stranger.request.get(ada.url).status == 404


def name_in_address(page: Page) -> str:
    return page.locator("#room").get_attribute("data-room") or ""


def test_a_name_that_nobody_has_is_said_and_the_others_stay(visitor: NewPage, room: str) -> None:
    ada, bob = people(visitor, room, "Ada", "Bob")
    ada.goto("/rooms/new/")
    ada.get_by_role("link", name="Or a direct room").click()
    field = ada.get_by_label("With whom")
    field.fill(f"{name_of(bob)}, Nobody {room}")
    ada.get_by_role("button", name="Go to the room").click()
    expect(ada.get_by_role("alert")).to_have_text(f"There is no account called Nobody {room}.")
    expect(field).to_have_value(f"{name_of(bob)}, Nobody {room}")
    assert violations(ada) == []
    field.fill(", ")
    ada.get_by_role("button", name="Go to the room").click()
    expect(ada.get_by_role("alert")).to_have_text("A direct room has 2 to 8 people.")


def test_without_a_script_the_names_are_typed(visitor: NewPage, room: str) -> None:
    ada, bob, grace = people(visitor, room, "Ada", "Bob", "Grace")
    plain = visitor(java_script_enabled=False, locale="zh-CN")
    plain.context.add_cookies(ada.context.cookies())
    plain.goto(f"/chat/{room}/")
    plain.get_by_role("link", name="发起私聊").click()
    plain.get_by_label("和谁聊").fill(f"{name_of(bob)}，Nobody {room}")
    plain.get_by_role("button", name="进入房间").click()
    expect(plain.get_by_role("alert")).to_have_text(f"没有名为 Nobody {room} 的账号。")
    plain.get_by_label("和谁聊").fill(f"{name_of(bob)}、@{name_of(grace)}")
    plain.get_by_role("button", name="进入房间").click()
    expect(plain.locator("h1")).to_have_text(f"{name_of(bob)}, {name_of(grace)}")
