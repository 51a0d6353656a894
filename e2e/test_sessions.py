"""Signed in, signed out: under which name one speaks, and that nothing goes out under another unasked."""

import re

import pytest
from playwright.sync_api import Page, expect

from e2e.conftest import NewPage, enter, say, sees, sign_in
from e2e.faults.front import Front
from e2e.servers import Server

PASSWORD = "correct horse"
MAKE_GRACE = """
User.objects.filter(username="grace").exists() or User.objects.create_superuser("grace", password="{}")
"""


@pytest.fixture(scope="module", autouse=True)
def accounts(server: Server) -> None:
    server.manage("shell", "--verbosity", "0", "--command", MAKE_GRACE.format(PASSWORD))


def sign_out(page: Page) -> None:
    """As another tab would; the page itself does not notice."""
    token = next(cookie["value"] for cookie in page.context.cookies() if cookie["name"] == "chat_csrf")
    assert page.context.request.post("/accounts/logout/", form={"csrfmiddlewaretoken": token}).ok


def test_who_signs_out_in_another_tab_is_told_so_and_writes_on_as_a_guest(visitor: NewPage, room: str) -> None:
    grace, bob = visitor(), enter(visitor(), room)
    sign_in(grace, "grace", PASSWORD)
    enter(grace, room)
    expect(grace.locator(".me bdi")).to_have_text("grace")
    say(grace, "as grace")
    sees(bob, ["as grace"])
    grace.locator("#chat-message-input").press_sequentially("half a sentence")
    sign_out(grace)
    expect(grace.get_by_label("Your name")).to_have_value(re.compile("Anonymous"), timeout=15_000)
    expect(grace.locator("#chat-message-input")).to_have_value("half a sentence")
    grace.keyboard.press("Enter")
    sees(bob, ["as grace", "half a sentence"])
    guest = grace.get_by_label("Your name").input_value()
    assert guest.startswith("Anonymous")
    expect(bob.locator(".message .author").last).to_have_text(guest)


def test_what_waited_while_one_was_signed_out_is_said_by_the_guest_only_when_asked_for(
    visitor: NewPage, room: str
) -> None:
    grace, bob = visitor(), enter(visitor(), room)
    sign_in(grace, "grace", PASSWORD)
    enter(grace, room)
    grace.context.set_offline(True)
    say(grace, "meant to be grace's")
    expect(grace.locator(".message.pending")).to_have_count(1)
    sign_out(grace)
    grace.context.set_offline(False)
    failure = grace.locator(".message.failed .state")
    expect(failure).to_contain_text("You are signed out. Sent again, it is said by Anonymous", timeout=15_000)
    say(bob, "nothing yet")
    sees(grace, ["nothing yet"])
    failure.get_by_role("button", name="Try again").click()
    sees(bob, ["nothing yet", "meant to be grace's"])
    expect(grace.locator(".message.failed, .message.pending")).to_have_count(0)


def test_without_a_websocket_too_nothing_goes_out_under_another_name_unasked(
    visitor: NewPage, room: str, front: Front
) -> None:
    front.blocked = (b"Upgrade: websocket",)
    grace, bob = visitor(base_url=front.url), enter(visitor(), room)
    sign_in(grace, "grace", PASSWORD)
    enter(grace, room)
    grace.context.set_offline(True)  # or the page might hear of the end of its session first
    say(grace, "meant to be grace's")
    expect(grace.locator(".message.pending")).to_have_count(1)
    sign_out(grace)
    grace.context.set_offline(False)
    failure = grace.locator(".message.failed .state")
    expect(failure).to_contain_text("You are signed out.", timeout=30_000)
    grace.reload()
    failure.get_by_role("button", name="Try again").click()
    sees(bob, ["meant to be grace's"])
    expect(bob.locator(".message .author")).to_have_text(grace.get_by_label("Your name").input_value())
