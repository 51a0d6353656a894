"""Accounts: made by a name, by an invitation or with a passkey, and every way in which a session ends."""

import re
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from e2e.conftest import NewPage, enter, open_menu, say, sees
from e2e.faults.front import Front
from e2e.servers import Server

PASSWORD = "a long enough password"
MAKE_STAFF = """
User.objects.filter(username="Root").exists() or User.objects.create_superuser("Root", password="{}")
"""


@pytest.fixture(scope="module", autouse=True)
def staff(server: Server) -> None:
    server.manage("shell", "--verbosity", "0", "--command", MAKE_STAFF.format(PASSWORD))


@pytest.fixture
def name() -> str:
    return f"Ada {uuid4().hex[:8]}"


def sign_up(page: Page, name: str, *, at: str = "/accounts/signup/", password: str = PASSWORD) -> None:
    page.goto(at)
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Make the account").click()
    expect(page.locator(".who .account")).to_contain_text(name)


def sign_in(page: Page, name: str, password: str = PASSWORD, *, at: str = "/accounts/login/") -> None:
    page.goto(at)
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(lambda url: "/accounts/login/" not in url)


def admin(visitor: NewPage) -> Page:
    page = visitor()
    sign_in(page, "Root", at="/accounts/login/?next=/admin/")
    page.get_by_text("Site administration").wait_for()
    return page


def test_who_signs_up_by_a_name_alone_speaks_under_it_and_comes_back_with_the_password(
    visitor: NewPage, room: str, name: str
) -> None:
    ada, bob = visitor(), enter(visitor(), room)
    sign_up(ada, name)
    say(enter(ada, room), "as an account")
    sees(bob, ["as an account"])
    expect(bob.locator(".message .author")).to_have_text(name)
    open_menu(ada)
    ada.get_by_role("button", name="Sign out").click()
    open_menu(ada)
    ada.get_by_role("link", name="Sign in").click()
    ada.get_by_label("Name").fill(name)
    ada.get_by_label("Password").fill("something else")
    ada.get_by_role("button", name="Sign in", exact=True).click()
    expect(ada.get_by_role("alert")).to_contain_text("no account with this name and password")
    ada.get_by_label("Password").fill(PASSWORD)
    ada.get_by_role("button", name="Sign in", exact=True).click()
    expect(ada).to_have_url(re.compile(f"/chat/{room}/"))  # where the way out began
    expect(ada.locator(".me bdi")).to_have_text(name)


def test_another_name_of_an_account_is_on_all_its_devices_at_once(visitor: NewPage, room: str, name: str) -> None:
    phone, desk, bob = visitor(), visitor(), enter(visitor(), room)
    sign_up(phone, name)
    sign_in(desk, name)
    enter(desk, room)
    phone.goto("/accounts/")
    phone.locator("li", has_text="Name").get_by_role("link", name="Change").click()
    phone.get_by_label("Name").fill(f"{name} too")
    phone.get_by_role("button", name="Save").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text(f"{name} too")
    expect(desk.locator(".me bdi")).to_have_text(f"{name} too")
    say(desk, "under another name")
    sees(bob, ["under another name"])
    expect(bob.locator(".message .author")).to_have_text(f"{name} too")
    sign_in(visitor(), name)  # which is still theirs


def test_a_guest_who_signs_up_keeps_the_name_the_draft_and_what_is_not_sent_yet(
    visitor: NewPage, room: str, name: str, front: Front
) -> None:
    ada, bob = enter(visitor(base_url=front.url), room), enter(visitor(), room)
    open_menu(ada)
    ada.get_by_label("Your name").fill(name)
    ada.get_by_role("button", name="Save").click()
    ada.get_by_text("Saved.").wait_for()
    say(ada, "as a guest")
    sees(bob, ["as a guest"])
    front.cut()
    say(ada, "written on the way")
    expect(ada.locator(".message.pending")).to_have_count(1)
    ada.locator("#chat-message-input").fill("half a sentence")
    ada.goto("about:blank")
    front.mend()
    ada.goto(f"/accounts/signup/?next=/chat/{room}/")
    expect(ada.get_by_label("Name")).to_have_value(name)
    ada.get_by_label("Password").fill(PASSWORD)
    ada.get_by_role("button", name="Make the account").click()
    sees(bob, ["as a guest", "written on the way"])
    expect(ada.locator("#chat-message-input")).to_have_value("half a sentence")
    authors = bob.locator(".message").evaluate_all("all => all.map(each => each.dataset.author)")
    assert authors[0].startswith("guest-")
    assert authors[1].startswith("user-")


def test_an_invitation_makes_one_account_and_no_second(visitor: NewPage, name: str) -> None:
    root = admin(visitor)
    root.goto("/accounts/invitations/")
    root.get_by_role("button", name="Make a link").click()
    link = root.locator(".made code").inner_text()
    ada, bob = visitor(), visitor()
    bob.goto(link)
    bob.get_by_label("Name").fill(f"{name} too")
    bob.get_by_label("Password").fill(PASSWORD)
    sign_up(ada, name, at=link)
    bob.get_by_role("button", name="Make the account").click()
    expect(bob.get_by_role("heading")).to_have_text("This link is no good any more")
    late = visitor()
    assert late.goto(link).status == 404  # type: ignore[union-attr]


@pytest.fixture
def at_localhost(base_url: str) -> str:
    if "127.0.0.1" not in base_url:
        pytest.skip("passkeys need a host with a name")
    return base_url.replace("127.0.0.1", "localhost")


def with_authenticator(page: Page) -> Page:
    """A device that keeps passkeys, as Chromium pretends to have one."""
    line = page.context.new_cdp_session(page)
    line.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    line.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return page


def test_a_passkey_makes_an_account_without_a_password_and_signs_in_to_it(
    visitor: NewPage, at_localhost: str, name: str
) -> None:
    ada = with_authenticator(visitor(base_url=at_localhost))
    ada.goto("/accounts/signup/")
    ada.get_by_label("Name").fill(name)
    ada.get_by_role("button", name="With a passkey").click()
    ada.get_by_role("button", name="Make the passkey").click()
    expect(ada.locator(".codes li")).to_have_count(10)
    ada.get_by_role("link", name="I have saved them").click()
    expect(ada.get_by_text("Passkey 1")).to_be_visible()
    ada.get_by_role("button", name="Sign out", exact=True).click()
    ada.goto("/accounts/login/")
    ada.get_by_role("button", name="Sign in with a passkey").click()
    expect(ada.locator(".who .account")).to_contain_text(name)


def test_after_a_password_a_passkey_or_a_recovery_code_is_asked_for_and_a_code_works_once(
    visitor: NewPage, at_localhost: str, name: str
) -> None:
    ada = with_authenticator(visitor(base_url=at_localhost))
    sign_up(ada, name)
    ada.goto("/accounts/2fa/webauthn/add/")
    ada.get_by_label("Password").fill(PASSWORD)
    ada.get_by_role("button", name="Go on").click()
    ada.get_by_role("button", name="Make the passkey").click()
    code = ada.locator(".codes li").first.inner_text()
    ada.goto("/accounts/2fa/recovery-codes/")
    expect(ada.locator(".codes")).to_have_count(0)
    for is_first in (True, False):
        phone = visitor(base_url=at_localhost)
        phone.goto("/accounts/login/")
        phone.get_by_label("Name").fill(name)
        phone.get_by_label("Password").fill(PASSWORD)
        phone.get_by_role("button", name="Sign in", exact=True).click()
        phone.get_by_label("Recovery code").fill(code)
        phone.get_by_role("button", name="Use the code").click()
        if is_first:
            expect(phone.locator(".who .account")).to_contain_text(name)
        else:
            expect(phone.get_by_role("alert").last).to_contain_text("did not work")


def test_no_passkey_is_offered_on_an_address_of_numbers(visitor: NewPage, base_url: str) -> None:
    page = visitor(base_url=base_url.replace("localhost", "127.0.0.1"))
    for path in ("/accounts/login/", "/accounts/signup/"):
        page.goto(path)
        expect(page.get_by_role("heading")).to_be_visible()
        expect(page.get_by_text("passkey")).to_have_count(0)


def test_a_recovery_link_sets_a_new_password_once(visitor: NewPage, server: Server, name: str) -> None:
    ada, root = visitor(), admin(visitor)
    sign_up(ada, name)
    root.goto(f"/admin/accounts/user/?q={name}")
    root.locator("input.action-select").check()
    root.locator("select[name=action]").select_option("make_recovery_links")
    root.get_by_role("button", name="Run").click()
    message = root.locator(".messagelist li").inner_text()
    link = re.search(r"http\S+", message)[0]  # type: ignore[index]
    phone = visitor()
    phone.goto(link)
    phone.get_by_label("New password").fill("another long password")
    phone.get_by_role("button", name="Set it").click()
    expect(phone.locator(".who .account")).to_contain_text(name)
    ada.goto("/chat/")
    expect(ada.locator(".who")).to_contain_text("Sign in")
    assert visitor().goto(link).status == 404  # type: ignore[union-attr]


def write_offline(page: Page, room: str) -> None:
    enter(page, room)
    page.context.set_offline(True)
    say(page, "meant to be ada's")
    expect(page.locator(".message.pending")).to_have_count(1)


def stays_unsent(phone: Page, bob: Page, name: str) -> None:
    """On the phone, whose session has ended meanwhile: kept, and sent under no other name."""
    phone.context.set_offline(False)
    expect(phone.locator(".message.failed").get_by_role("alert")).to_contain_text("You are signed out", timeout=15_000)
    expect(phone.get_by_label("Your name")).to_have_value(re.compile("Anonymous"))
    say(bob, "nothing yet")
    sees(phone, ["nothing yet"])
    sign_in(phone, name)


def test_signing_out_everywhere_else_closes_the_other_devices_and_keeps_what_they_have_not_sent(
    visitor: NewPage, room: str, name: str
) -> None:
    desk, phone, bob = visitor(), visitor(), enter(visitor(), room)
    sign_up(desk, name)
    sign_in(phone, name)
    closed = []
    phone.on("websocket", lambda socket: socket.on("close", lambda _: closed.append(socket.url)))
    enter(phone, room)
    desk.goto("/accounts/")
    expect(desk.locator(".sessions .entry")).to_have_count(2)
    desk.get_by_role("button", name="Sign out everywhere else").click()
    expect(desk.locator(".sessions .entry")).to_have_count(1)
    expect(phone.get_by_label("Your name")).to_have_value(re.compile("Anonymous"), timeout=3000)  # at once
    assert closed
    sign_in(phone, name)
    write_offline(phone, room)
    desk.goto("/accounts/")
    desk.get_by_role("button", name="Sign out there").click()
    expect(desk.locator(".sessions .entry")).to_have_count(1)
    stays_unsent(phone, bob, name)
    enter(phone, room)
    sees(bob, ["nothing yet", "meant to be ada's"])
    expect(bob.locator(".message .author").last).to_have_text(name)


def test_a_changed_password_signs_out_everywhere_else_and_not_here(visitor: NewPage, room: str, name: str) -> None:
    desk, phone = visitor(), visitor()
    sign_up(desk, name)
    sign_in(phone, name)
    enter(phone, room)
    desk.goto("/accounts/password/change/")
    desk.get_by_label("Your password now").fill(PASSWORD)
    desk.get_by_label("New password").fill("another long password")
    desk.get_by_role("button", name="Change it").click()
    expect(desk.get_by_role("heading", name=name)).to_be_visible()
    expect(phone.get_by_label("Your name")).to_have_value(re.compile("Anonymous"), timeout=3000)
    sign_in(phone, name, "another long password")


def test_an_account_that_is_deactivated_is_out_and_cannot_come_back(visitor: NewPage, room: str, name: str) -> None:
    ada, root = visitor(), admin(visitor)
    sign_up(ada, name)
    enter(ada, room)
    root.goto(f"/admin/accounts/user/?q={name}")
    root.locator(".field-username a").click()
    root.get_by_label("Active", exact=True).uncheck()
    root.get_by_role("button", name="Save", exact=True).click()
    expect(ada.get_by_label("Your name")).to_have_value(re.compile("Anonymous"), timeout=3000)
    sign_in(ada, name)
    expect(ada.get_by_role("heading")).to_have_text("This account is not active")
