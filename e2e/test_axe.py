"""axe-core in every page and state, in both themes and both languages."""

import json
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from e2e.conftest import PHONE, NewPage, are_stored, enter, is_ready, say, sign_in
from e2e.servers import Server
from e2e.test_page import DESKTOP, violations

PASSWORD = "correct horse battery"
NAMES = ("Vera", "Vito")
ROOM = "axe-" + uuid4().hex[:6]
MAKE = f"""
for name in {NAMES}:
    User.objects.filter(username=name).exists() or User.objects.create_superuser(name, password="{PASSWORD}")
"""
WORDS = [
    "**bold** and `code`, a link to https://example.com/, and @Vera",
    "```python\ndef hello():\n    return 'a line that is long enough to scroll sideways on any phone'\n```",
    "> a quotation\n\n| one | two |\n| --- | --- |\n| 1 | 2 |",
    "🎉",
]
LOOKS = [(theme, locale) for theme in ("light", "dark") for locale in ("en-GB", "zh-CN")]


@pytest.fixture(scope="module")
def cookies(server: Server, browser: Any, base_url: str) -> Iterator[list[Any]]:
    """Of Vera, who looks after everything; signed in once, as passwords take a while."""
    server.manage("shell", "--verbosity", "0", "--command", MAKE)
    context = browser.new_context(base_url=base_url)
    page = context.new_page()
    sign_in(page, "Vera", PASSWORD)
    enter(page, ROOM)
    for count, text in enumerate(WORDS, 1):
        say(page, text)
        are_stored(page, count)
    found = [each for each in context.cookies() if each["name"] != "chat_language"]
    yield found
    context.close()


class Looker:
    """Collects what axe finds, with the name of the state: all of it is told at the end."""

    def __init__(self, page: Page) -> None:
        self.page, self.found = page, dict[str, list[str]]()

    def look(self, state: str) -> None:
        if found := violations(self.page):
            self.found[state] = found

    def ends(self) -> None:
        assert self.found == {}, json.dumps(self.found, indent=1, ensure_ascii=False)


LookAt = Callable[..., Looker]


@pytest.fixture(params=LOOKS, ids="-".join)
def looker(request: pytest.FixtureRequest, visitor: NewPage) -> Iterator[LookAt]:
    theme, locale = request.param
    lookers = []

    def make(cookies: list[Any] = (), **screen: Any) -> Looker:  # type: ignore[assignment]
        page = visitor(color_scheme=theme, locale=locale, **screen)
        page.context.add_cookies(cookies)
        lookers.append(Looker(page))
        return lookers[-1]

    yield make
    for each in lookers:
        each.ends()


def test_the_states_of_a_room(looker: LookAt, cookies: list[Any], room: str) -> None:
    vera = looker(cookies, **DESKTOP)
    page, look = vera.page, vera.look
    enter(page, room)
    look("empty")
    enter(page, ROOM)
    look("busy")
    field, last = page.locator("#chat-message-input"), page.locator(".message").last
    for number, name in enumerate(("toolbar", "quick reactions")):
        last.focus()
        if number:
            page.locator("[data-action=react]").click()
        look(name)
    page.keyboard.press("Escape")
    page.locator("#emoji").click()
    expect(page.locator(".picker .emoji button").first).to_be_visible()
    look("emoji")
    page.keyboard.press("Escape")
    field.fill("")
    field.press_sequentially("/")
    expect(page.locator("#completion li").first).to_be_visible()
    look("completion")
    field.fill("/help ")
    page.keyboard.press("Control+Enter")
    expect(page.locator("dialog.help")).to_be_visible()
    look("help")
    page.keyboard.press("Escape")
    page.locator(".mine-menu > summary").click()
    look("one's own menu")
    page.locator(".mine-menu > summary").click()
    page.locator(".people-button").click()
    expect(page.locator("#people li")).to_have_count(1)
    look("people")


def test_what_one_does_in_a_room(looker: LookAt, cookies: list[Any]) -> None:
    vera = looker(cookies, **DESKTOP)
    page, look = vera.page, vera.look
    enter(page, ROOM)
    field, last = page.locator("#chat-message-input"), page.locator(".message.mine").last
    last.focus()
    page.locator("[data-action=reply]").click()
    look("replying")
    page.keyboard.press("Escape")
    page.keyboard.press("ArrowUp")
    expect(page.locator(".message.editing")).to_have_count(1)
    look("editing")
    page.keyboard.press("Escape")
    field.fill("x" * 4001)
    look("too long")
    field.fill("")
    last.focus()
    page.locator("[data-action=delete]").click()
    expect(page.locator(".notice button")).to_be_visible()
    look("deleted")
    page.locator(".notice button").click()
    say(page, "\u200b")
    expect(page.locator(".message.failed")).to_have_count(1)
    look("refused")
    page.locator(".failed [data-discard]").click()
    page.context.set_offline(True)
    say(page, "waits")
    expect(page.locator(".bar button")).to_be_visible()
    look("offline")
    page.locator(".pending").wait_for()
    page.context.set_offline(False)
    is_ready(page)
    own = page.locator(".message.mine:not(.pending)", has_text="waits").last
    own.focus()
    page.locator("[data-action=delete]").click()
    page.goto("about:blank")  # at once


def test_the_more_menu_and_its_dialogs(looker: LookAt, cookies: list[Any], visitor: NewPage, room: str) -> None:
    bob = enter(visitor(), room)
    say(bob, "hello")
    are_stored(bob, 1)
    vera = looker(cookies, **DESKTOP)
    page, look = vera.page, vera.look
    enter(page, room)
    rows = page.locator(".floating [role=menuitem]:not([hidden])")
    page.locator(".message").first.focus()
    page.locator("[data-action=more]").press("Enter")
    expect(rows.first).to_be_focused()
    look("more")
    asking = rows.evaluate_all("all => all.map((each, place) => each.dataset.ask ? place : -1).filter((n) => n >= 0)")
    assert len(asking) >= 4, "report, mute, ban, delete all"
    page.keyboard.press("Escape")
    for place in asking:
        page.locator(".message").first.focus()
        page.locator("[data-action=more]").press("Enter")
        rows.nth(place).click()
        expect(page.locator("dialog.asking")).to_be_visible()
        look(f"dialog {place}")
        page.keyboard.press("Escape")
        expect(page.locator("dialog.asking")).to_have_count(0)


def test_a_phone(looker: LookAt, cookies: list[Any]) -> None:
    vera = looker(cookies, **PHONE)
    page, look = vera.page, vera.look
    enter(page, ROOM)
    look("a room")
    page.locator(".menu").tap()
    page.wait_for_timeout(200)  # it slides in
    look("the rooms")
    page.keyboard.press("Escape")
    page.locator(".people-button").tap()
    expect(page.locator("#people li")).to_have_count(1)
    look("the people")
    page.goto(f"/chat/{ROOM}/?at=2")
    is_ready(page)
    look("at a message")
    page.goto(f"/chat/{ROOM}/?before=3")
    is_ready(page)
    look("the past")


@pytest.mark.parametrize("screen", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_other_pages(looker: LookAt, cookies: list[Any], screen: dict[str, Any]) -> None:
    vera = looker(cookies, **screen)
    for path in (
        "/chat/", "/chat/?room=%3C", "/search/", "/search/?q=bold", "/search/?q=nothinglikethis", "/inbox/",
        f"/search/?q=bold+from:Vera+in:{ROOM}+after:2026-01-01", f"/search/?q=nothing+in:{ROOM}", "/search/?q=before:x",
        "/accounts/", "/accounts/password/change/", "/accounts/email/", "/accounts/invitations/",
        "/accounts/2fa/webauthn/", "/accounts/2fa/webauthn/add/", "/accounts/2fa/recovery-codes/",
        "/rooms/new/", "/rooms/new/?kind=direct", f"/chat/{ROOM}/members/", f"/chat/{ROOM}/report/1/",
        "/moderation/", f"/moderation/ask/ban/?room={ROOM}&whom=guest-0123456789abcdef&name=Ann", "/chat/a.b/",
    ):  # fmt: skip
        vera.page.goto(path)
        if vera.page.locator("#moderation").count():
            expect(vera.page.locator("#moderation .live")).not_to_be_empty()
        vera.look(path)


def test_the_doors(looker: LookAt) -> None:
    nobody = looker(**PHONE)
    for path in (
        "/accounts/login/",
        "/accounts/signup/",
        "/accounts/inactive/",
        "/invite/none/",
        "/accounts/recover/none/",
    ):
        nobody.page.goto(path)
        nobody.look(path)
    nobody.page.goto("/accounts/login/")
    nobody.page.locator("input[type=password]").fill("wrong")
    nobody.page.locator("input[name=login]").fill("Nobody")
    nobody.page.keyboard.press("Enter")
    nobody.page.locator("[role=alert], .errorlist, [aria-invalid=true]").first.wait_for()
    nobody.look("a wrong password")
