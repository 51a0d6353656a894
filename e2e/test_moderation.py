"""The staff's page in a browser: a report appears live and is dealt with; who is banned while talking is sent away."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from e2e.conftest import NewPage, enter, say
from e2e.servers import Server

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


def staff_page(page: Page) -> Page:
    page.goto("/admin/")
    page.get_by_label("Username").fill("Moira")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.get_by_text("Welcome, Moira").wait_for()
    page.goto("/moderation/")
    expect(page.get_by_role("status")).to_have_text("Live")
    return page


def report(page: Page, room: str, id: int, why: str) -> None:
    token = next(cookie["value"] for cookie in page.context.cookies() if cookie["name"] == "chat_csrf")
    form = {"why": why, "csrfmiddlewaretoken": token}
    headers = {"Accept": "application/json", "Origin": re.sub(r"/chat/.*", "", page.url)}
    assert page.context.request.post(f"/chat/{room}/report/{id}/", form=form, headers=headers).ok


def test_a_report_appears_live_is_dealt_with_and_its_author_is_banned(visitor: NewPage, room: str) -> None:
    moira, mallory, bob = staff_page(visitor()), enter(visitor(), room), enter(visitor(), room)
    say(mallory, "buy followers")
    expect(bob.locator(".message", has_text="buy followers")).to_be_visible()
    report(bob, room, 1, "an advertisement")
    entry = moira.locator(".entry", has_text="buy followers").filter(has_text=room)
    expect(entry).to_contain_text("an advertisement")
    entry.get_by_role("button", name="Delete").click()
    expect(bob.locator(".message", has_text="buy followers")).to_have_count(0)
    expect(entry).to_have_count(0)
    whom = mallory.locator("#room").get_attribute("data-you")
    moira.get_by_label("Whom").fill(whom or "")
    moira.get_by_role("button", name="Ban", exact=True).click()
    expect(mallory.locator(".connection[data-state=refused]")).to_contain_text("You are banned")
    expect(moira.get_by_role("region", name="The record", exact=True)).to_contain_text(whom or "nobody")
    lift = moira.locator("li", has_text=whom or "nobody").get_by_role("button", name="Lift")
    lift.click()
    expect(lift).to_have_count(0)
    guests_from_here = moira.locator("li", has_text="127.0.0.1").get_by_role("button", name="Lift")
    guests_from_here.click()
    expect(guests_from_here).to_have_count(0)
    back = enter(visitor(), room)
    say(back, "back again")
    expect(back.locator(".message:not(.pending)", has_text="back again")).to_be_visible()
