"""Notifications of the browser: after a click alone, with who said what, and none where one is active in the room."""

import json
from typing import Any

from playwright.sync_api import Page, expect

from e2e.conftest import NewPage, enter, open_menu, say, sees
from e2e.test_unread import account

# Keeps what is shown, for all pages of a person: a browser without a screen shows nothing.
KEPT = """
globalThis.asked = 0
globalThis.Notification = class extends EventTarget {
  static permission = localStorage.permission ?? "default"
  static async requestPermission() { asked++; return (Notification.permission = localStorage.permission = "granted") }
  constructor(title, { body, tag }) {
    super()
    localStorage.notes = JSON.stringify([...JSON.parse(localStorage.notes ?? "[]"), { title, body, tag }])
    globalThis.latest = this
  }
  close() {}
}
"""


def keeping(page: Page) -> Page:
    page.context.add_init_script(KEPT)
    return page


def notes(page: Page) -> list[dict[str, Any]]:
    return list(json.loads(page.evaluate("localStorage.notes ?? '[]'")))


def allow(page: Page) -> None:
    open_menu(page)
    page.get_by_role("button", name="Turn notifications on").click()
    expect(page.get_by_role("button", name="Turn notifications off")).to_be_visible()


def name_of(page: Page) -> str:
    return page.locator("#room").get_attribute("data-name") or ""


def test_a_direct_message_is_told_once_after_a_click_has_allowed_it(visitor: NewPage, room: str) -> None:
    ada, bob = keeping(account(visitor, "Ada")), account(visitor, "Bob")
    enter(ada, room)
    enter(bob, f"@{name_of(ada)}")
    say(bob, "before it is allowed")
    expect(ada).to_have_title(f"(1) {room}")
    assert ada.evaluate("asked") == 0
    allow(ada)
    second = enter(ada.context.new_page(), f"{room}-other")
    assert second.evaluate("asked") == 0
    say(bob, "psst")
    ada.wait_for_function("() => localStorage.notes")
    expect(second).to_have_title(f"(2) {room}-other")
    second.wait_for_timeout(2_000)  # in which another page would have told it too
    [note] = notes(ada)
    assert (note["title"], note["body"]) == (name_of(bob), "psst")
    told = next(page for page in (ada, second) if page.evaluate("globalThis.latest !== undefined"))
    told.evaluate("latest.dispatchEvent(new Event('click'))")
    told.wait_for_url("**/?at=2")


def test_there_is_none_where_one_is_active_in_the_room_on_another_page(visitor: NewPage, room: str) -> None:
    ada, bob = keeping(account(visitor, "Ada")), enter(visitor(), room)
    name = name_of(enter(ada, room))
    say(ada, "I belong here")
    other = enter(ada.context.new_page(), f"{room}-other")
    allow(other)
    ada.bring_to_front()
    long = "\n".join(["a long story"] * 80)
    say(bob, long)
    sees(ada, ["I belong here", long])
    ada.locator("#chat-log").hover()
    ada.mouse.wheel(0, -1000)  # to where nothing new is marked as read
    say(bob, f"@{name}, are you there?")
    expect(ada.locator("button.unseen")).to_have_text("1 new message")
    expect(other).to_have_title(f"(1) {room}-other")
    ada.wait_for_timeout(2_500)  # in which it would have been told
    assert notes(ada) == []
    enter(ada, f"{room}-third")
    say(bob, f"@{name}, and now?")
    ada.wait_for_function("() => localStorage.notes")
    [note] = notes(ada)
    assert (note["title"], note["body"], note["tag"]) == (
        f"{bob_of(bob)} in {room}",
        f"@{name}, and now?",
        room,
    )


def bob_of(page: Page) -> str:
    return page.locator(".message.mine .author").first.inner_text()


def test_a_guest_is_not_offered_what_there_is_none_of(visitor: NewPage, room: str) -> None:
    guest = enter(keeping(visitor()), room)
    open_menu(guest)
    expect(guest.locator(".notifications")).to_have_count(0)
    assert guest.evaluate("asked") == 0
