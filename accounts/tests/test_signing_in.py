"""Accounts: who may make one, that guessing tells nothing, and that nobody touches what is another's."""

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from datetime import timedelta
from http import HTTPStatus
from io import StringIO
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth.hashers import MD5PasswordHasher
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import connection
from django.http import HttpResponse
from django.test import Client, override_settings
from django.utils import timezone

from accounts import attempts, invitations, recovery, throttle
from accounts.models import Guest, Invitation, Recovery, User

PASSWORD = "a long enough password"
AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


class Counted(MD5PasswordHasher):
    """Quick, and counts its hashes."""

    algorithm = "counted"
    hashes = 0

    def encode(self, password: str, salt: str) -> str:
        Counted.hashes += 1
        return super().encode(password, salt)


@pytest.fixture(autouse=True)
def quick_hashes(transactional_db: None) -> Iterator[None]:
    attempts.forget_all()
    with override_settings(PASSWORD_HASHERS=[f"{__name__}.Counted"]):
        yield


@pytest.fixture
def ada() -> User:
    return User.objects.create_user("Ada", password=PASSWORD)


@pytest.fixture
def root() -> User:
    return User.objects.create_superuser("Root", password=PASSWORD)


def sign_in(name: str, password: str = PASSWORD, next: str = "") -> tuple[Client, HttpResponse]:
    client = Client(headers={"user-agent": AGENT})
    form = {"login": name, "password": password} | ({"next": next} if next else {})
    return client, client.post("/accounts/login/", form)


def sign_up(client: Client, name: str, at: str = "/accounts/signup/", **fields: str) -> HttpResponse:
    return client.post(at, {"username": name, "password1": PASSWORD} | fields)


def text(response: HttpResponse) -> str:
    """What a page says, without its tokens."""
    return re.sub(r'(name="csrfmiddlewaretoken" value=|value=)"[^"]*"', "", response.content.decode())


def test_a_name_and_a_password_are_enough_and_one_is_signed_in() -> None:
    client = Client()
    assert sign_up(client, "Ada").status_code == HTTPStatus.FOUND
    assert client.get("/chat/lobby/").context["you"].name == "Ada"
    assert User.objects.get().email == ""


@pytest.mark.parametrize(
    "fields", [{"password1": ""}, {"password1": "short"}, {"password1": "password"}, {"username": ""}, {"email": "x"}]
)
def test_a_form_that_is_not_right_says_so_and_makes_nothing(fields: dict[str, str]) -> None:
    response = sign_up(Client(), "Grace", **fields) if "username" not in fields else sign_up(Client(), "")
    assert response.status_code == HTTPStatus.OK
    assert 'role="alert"' in response.content.decode()
    assert not User.objects.exists()


def test_a_taken_name_is_refused(ada: User) -> None:
    assert sign_up(Client(), "Ada").status_code == HTTPStatus.OK
    assert User.objects.count() == 1


def test_a_name_that_is_taken_between_the_look_and_the_insert_is_refused_too(
    ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("accounts.adapter.Adapter.clean_username", lambda self, name, shallow=False: name)
    response = sign_up(Client(), "Ada")
    assert response.status_code == HTTPStatus.OK
    assert "took this name just now" in response.content.decode()


def test_an_address_of_mail_that_another_account_has_is_not_given_away(ada: User) -> None:
    User.objects.update(email="ada@example.com")
    assert sign_up(Client(), "Bob", email="ada@example.com").status_code == HTTPStatus.FOUND


@pytest.mark.parametrize("signup", ["invite", "closed"])
def test_without_an_invitation_nobody_signs_up_where_signing_up_is_not_open(signup: str) -> None:
    with override_settings(SIGNUP=signup):
        assert Client().get("/accounts/signup/").status_code == HTTPStatus.FORBIDDEN
        assert sign_up(Client(), "Ada").status_code == HTTPStatus.FORBIDDEN
    assert not User.objects.exists()


@pytest.mark.parametrize(("signup", "status"), [("open", 302), ("invite", 302), ("closed", 404)])
def test_an_invitation_is_good_unless_signing_up_is_closed(signup: str, status: int) -> None:
    path = f"/invite/{invitations.invite(None)}/"
    with override_settings(SIGNUP=signup):
        assert sign_up(Client(), "Ada", at=path).status_code == status


def test_an_invitation_that_is_used_expired_or_made_up_gets_one_answer() -> None:
    used, expired = invitations.invite(None), invitations.invite(None)
    assert invitations.take(used)
    Invitation.objects.filter(uses_left=1).update(expires_at=timezone.now())
    answers = [Client().get(f"/invite/{code}/") for code in (used, expired, "made-up")]
    answers += [sign_up(Client(), "Ada", at=f"/invite/{code}/") for code in (used, expired, "made-up")]
    assert {each.status_code for each in answers} == {404}
    assert len({text(each) for each in answers}) == 1
    assert not User.objects.exists()


def test_an_invitation_is_not_used_up_by_a_form_that_is_refused(ada: User) -> None:
    code = invitations.invite(None)
    sign_up(Client(), "Ada", at=f"/invite/{code}/")
    sign_up(Client(), "Bob", at=f"/invite/{code}/", password1="short")
    assert Invitation.objects.get().uses_left == 1


@pytest.fixture
def no_queue(monkeypatch: pytest.MonkeyPatch) -> None:
    """The door lets one at a time in; what stands behind it must hold without that, on other replicas."""
    monkeypatch.setattr(throttle, "_one_at_a_time", nullcontext())


def in_threads(*work: Callable[[], Any]) -> list[Any]:
    """All at once: each waits for the others before it begins."""
    results: list[Any] = []
    ready = threading.Barrier(len(work))

    def run(each: Callable[[], Any]) -> None:
        ready.wait()
        try:
            results.append(each())
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(each,)) for each in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_of_eight_who_come_at_once_for_the_last_use_of_an_invitation_one_gets_an_account(no_queue: None) -> None:
    path = f"/invite/{invitations.invite(None)}/"
    names = [f"Ada{number}" for number in range(8)]
    answers = in_threads(*(lambda name=name: sign_up(Client(), name, at=path).status_code for name in names))
    assert sorted(answers) == [302] + [404] * 7
    assert User.objects.count() == 1
    assert Invitation.objects.get().uses_left == 0


def test_of_four_who_use_a_recovery_link_at_once_one_does(ada: User, no_queue: None) -> None:
    path = recovery.link(ada)
    answers = in_threads(
        *(lambda n=n: Client().post(path, {"password1": f"{PASSWORD} {n}"}).status_code for n in range(4))
    )
    assert sorted(answers) == [302, 404, 404, 404]
    assert not Recovery.objects.exists()


def test_a_wrong_password_and_an_unknown_name_get_the_same_answer_after_as_many_hashes(ada: User) -> None:
    User.objects.create_user("Keyless", password=None)
    User.objects.create_user("Gone", password=PASSWORD, is_active=False)
    answers, hashes = [], []
    for name in ("Ada", "Nobody", "Keyless", "Gone"):
        Counted.hashes = 0
        answers.append(text(sign_in(name, "a wrong one")[1]))
        hashes.append(Counted.hashes)
    assert len(set(answers)) == 1
    assert set(hashes) == {1}


def test_who_is_deactivated_is_told_so_with_the_right_password_alone(ada: User) -> None:
    User.objects.update(is_active=False)
    client, response = sign_in("Ada")
    assert response["Location"] == "/accounts/inactive/"
    assert client.get("/chat/lobby/").context["you"].name.startswith("Anonymous")


@pytest.mark.parametrize("next", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_signing_in_leads_to_no_other_site(ada: User, next: str) -> None:
    assert "evil" not in sign_in("Ada", next=next)[1]["Location"]
    page = Client().get("/accounts/login/", {"next": next}).content.decode()
    assert f'href="{next}"' not in page


def test_the_admin_is_entered_by_the_same_door(root: User, ada: User) -> None:
    asked = Client().get("/admin/", follow=True)
    assert asked.redirect_chain[-1][0] == "/accounts/login/?next=%2Fadmin%2F"
    client, answer = sign_in("Root", next="/admin/")
    assert answer["Location"] == "/admin/"
    assert client.get("/admin/").status_code == HTTPStatus.OK
    assert sign_in("Ada")[0].get("/admin/", follow=True).status_code == HTTPStatus.FORBIDDEN


def test_staff_is_signed_in_for_twelve_hours_and_others_for_ninety_days(root: User, ada: User) -> None:
    for name, lifetime in (("Root", timedelta(hours=12)), ("Ada", timedelta(days=90))):
        client, _ = sign_in(name)
        row = Session.objects.get(pk=client.cookies[settings.SESSION_COOKIE_NAME].value)
        assert abs(row.expire_date - timezone.now() - lifetime) < timedelta(minutes=1)


def test_a_guest_finds_the_name_in_the_form_and_stays_in_what_was_said() -> None:
    client = Client()
    you = client.get("/chat/lobby/").context["you"]
    Guest.objects.create(pk=you.guest, name="Ada")
    assert 'value="Ada"' in client.get("/accounts/signup/").content.decode()
    sign_up(client, "Ada")
    assert client.get("/chat/lobby/").context["you"].id.startswith("user-")
    assert Guest.objects.get().name == "Ada"


def test_a_recovery_link_takes_lost_passkeys_away_and_ends_sessions(ada: User) -> None:
    elsewhere, _ = sign_in("Ada")
    Authenticator.objects.create(user=ada, type=Authenticator.Type.RECOVERY_CODES, data={})
    path = recovery.link(ada)
    client = Client()
    assert client.get(path).status_code == HTTPStatus.OK
    assert client.post(path, {"password1": "short"}).status_code == HTTPStatus.OK  # and still good
    assert client.post(path, {"password1": "another long password"}).status_code == HTTPStatus.FOUND
    assert client.get("/chat/lobby/").context["you"].name == "Ada"
    assert elsewhere.get("/chat/lobby/").context["you"].name.startswith("Anonymous")
    assert not Authenticator.objects.exists()


def test_a_recovery_link_that_is_used_expired_replaced_or_made_up_gets_one_answer(ada: User) -> None:
    gone = User.objects.create_user("Gone")
    replaced, used, of_nobody = recovery.link(ada), recovery.link(ada), recovery.link(gone)
    Client().post(used, {"password1": PASSWORD})
    User.objects.filter(pk=gone.pk).update(is_active=False)
    expired = recovery.link(ada)
    Recovery.objects.filter(person=ada).update(expires_at=timezone.now())
    paths = [replaced, used, of_nobody, expired, "/accounts/recover/made-up/"]
    answers = [Client().get(path) for path in paths] + [Client().post(path, {"password1": PASSWORD}) for path in paths]
    assert {each.status_code for each in answers} == {404}
    assert len({text(each) for each in answers}) == 1


def test_recover_prints_a_link_and_knows_only_active_accounts(ada: User) -> None:
    output = StringIO()
    call_command("recover", "Ada", stdout=output)
    path = output.getvalue().split()[-1]
    assert Client().get(path).status_code == HTTPStatus.OK
    for name in ("Nobody", "", "x" * 300):
        with pytest.raises(CommandError, match="no active account"):
            call_command("recover", name)


def test_only_a_superuser_makes_a_recovery_link_for_a_superuser(root: User) -> None:
    from django.contrib.auth.models import Permission

    helper = User.objects.create_user("Helper", password=PASSWORD, is_staff=True)
    helper.user_permissions.set(Permission.objects.filter(codename__in=["change_user", "view_user"]))
    action = {"action": "make_recovery_links", "_selected_action": [root.pk]}
    client, _ = sign_in("Helper")
    assert client.post("/admin/accounts/user/", action).status_code == HTTPStatus.FOUND
    assert not Recovery.objects.exists()
    client, _ = sign_in("Root")
    client.post("/admin/accounts/user/", action)
    assert Recovery.objects.get().person == root


def test_sessions_are_listed_with_what_they_are_and_ended_one_by_one_or_all_others(ada: User) -> None:
    here, there, third = (sign_in("Ada")[0] for _ in range(3))
    page = here.get("/accounts/").content.decode()
    assert page.count("Firefox on Linux") == 3
    assert page.count("This one") == 1
    of_there = UserSession.objects.get(session_key=there.cookies[settings.SESSION_COOKIE_NAME].value)
    here.post(f"/accounts/sessions/{of_there.pk}/end/")
    assert there.get("/accounts/").status_code == HTTPStatus.FOUND
    assert third.get("/accounts/").status_code == HTTPStatus.OK
    here.post("/accounts/")
    assert third.get("/accounts/").status_code == HTTPStatus.FOUND
    assert here.get("/accounts/").status_code == HTTPStatus.OK


def test_a_changed_password_needs_the_old_one_and_ends_the_other_sessions(ada: User) -> None:
    here, there = (sign_in("Ada")[0] for _ in range(2))
    path, new = "/accounts/password/change/", {"password1": "another long password"}
    assert here.post(path, new | {"oldpassword": "a guess"}).status_code == HTTPStatus.OK
    assert here.post(path, new | {"oldpassword": PASSWORD}).status_code == HTTPStatus.FOUND
    assert here.get("/accounts/").status_code == HTTPStatus.OK
    assert there.get("/accounts/").status_code == HTTPStatus.FOUND
    assert sign_in("Ada", "another long password")[1].status_code == HTTPStatus.FOUND


def test_whoever_found_the_tab_open_may_guess_the_old_password_ten_times(ada: User) -> None:
    client, _ = sign_in("Ada")
    for path, field in (("/accounts/password/change/", "oldpassword"), ("/accounts/reauthenticate/", "password")):
        attempts.forget_all()
        answers = [client.post(path, {field: "a guess", "password1": PASSWORD}).status_code for _ in range(11)]
        assert answers == [200] * 10 + [429]


def test_an_address_of_mail_is_changed_by_who_proves_once_more_who_they_are(ada: User) -> None:
    client, _ = sign_in("Ada")
    assert "reauthenticate" in client.post("/accounts/email/", {"email": "ada@example.com"})["Location"]
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    client.post("/accounts/email/", {"email": "ada@example.com"})
    ada.refresh_from_db()
    assert ada.email == "ada@example.com"


PEOPLE = ["a guest", "another account", "staff", "a banned guest", "a banned account"]
OPERATIONS = [
    ("end a session", "/accounts/sessions/{session}/end/"),
    ("rename a passkey", "/accounts/2fa/webauthn/keys/{passkey}/edit/"),
    ("remove a passkey", "/accounts/2fa/webauthn/keys/{passkey}/remove/"),
    ("take an invitation back", "/accounts/invitations/{invitation}/delete/"),
]


def who_comes(person: str) -> Client:
    User.objects.create_user("Bob", password=PASSWORD)
    client = Client() if "guest" in person else sign_in("Root" if person == "staff" else "Bob")[0]
    if "banned" in person:
        you = client.get("/chat/lobby/").context["you"]
        sign_in("Root")[0].post("/moderation/ban/", {"whom": you.id})
    return client


@pytest.mark.parametrize("person", PEOPLE)
@pytest.mark.parametrize(("operation", "path"), OPERATIONS)
def test_what_is_anothers_is_refused_as_what_is_not_there(
    ada: User, root: User, person: str, operation: str, path: str
) -> None:
    sign_in("Ada")
    passkey = Authenticator.objects.create(user=ada, type=Authenticator.Type.WEBAUTHN, data={"name": "hers"})
    invitations.invite(root)
    things = {
        "session": UserSession.objects.get().pk,
        "passkey": passkey.pk,
        "invitation": Invitation.objects.get().pk,
    }
    client = who_comes(person)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    of_ada, of_nobody, absurd = (
        client.post(path.format(**each), {"name": "mine"})
        for each in (things, dict.fromkeys(things, 999_999), dict.fromkeys(things, "9" * 30))
    )
    if (person, operation) == ("staff", "take an invitation back"):
        assert of_ada.status_code == HTTPStatus.FOUND
        return
    assert of_ada.status_code == of_nobody.status_code
    assert text(of_ada) == text(of_nobody)
    assert absurd.status_code == HTTPStatus.NOT_FOUND
    assert UserSession.objects.filter(pk=things["session"]).exists()
    assert Authenticator.objects.get().wrap().name == "hers"
    assert Invitation.objects.exists()


@pytest.mark.parametrize("person", ["a guest", "another account"])
def test_nobody_but_staff_makes_invitations(root: User, person: str) -> None:
    User.objects.create_user("Bob", password=PASSWORD)
    client = Client() if person == "a guest" else sign_in("Bob")[0]
    assert client.post("/accounts/invitations/", {"uses": 1, "days": 7}).status_code in (302, 404)
    assert not Invitation.objects.exists()


@pytest.mark.parametrize("form", [{"uses": 0, "days": 7}, {"uses": 1, "days": 8}, {"uses": "x", "days": 1}, {}])
def test_an_invitation_has_an_end_and_a_number_of_uses(root: User, form: dict[str, Any]) -> None:
    client, _ = sign_in("Root")
    assert client.post("/accounts/invitations/", form).status_code == HTTPStatus.OK
    assert not Invitation.objects.exists()


@pytest.mark.parametrize(
    "path",
    ["confirm-email/", "login/code/", "signup/passkey/", "2fa/totp/activate/", "3rdparty/", "password/reset/",
     "2fa/recovery-codes/download/", "reauthenticate/code/", "phone/verify/"],
)  # fmt: skip
def test_what_is_not_used_of_allauth_has_no_address(path: str) -> None:
    assert Client().get(f"/accounts/{path}").status_code == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize(
    ("host", "is_https", "offered"),
    [("localhost:8000", False, True), ("chat.example.com", True, True), ("chat.example.com", False, False),
     ("127.0.0.1:8000", False, False), ("[::1]:8000", False, False), ("192.0.2.1", True, False)],
)  # fmt: skip
def test_passkeys_are_offered_where_browsers_make_them(host: str, is_https: bool, offered: bool) -> None:
    with override_settings(ALLOWED_HOSTS=["*"]):
        page = Client().get("/accounts/login/", headers={"host": host}, secure=is_https).content.decode()
    assert ("passkeys.js" in page) is offered


def test_no_page_of_an_account_has_a_script_or_a_style_inside(ada: User, root: User) -> None:
    guest, member, staff = Client(), sign_in("Ada")[0], sign_in("Root")[0]
    member.post("/accounts/reauthenticate/", {"password": PASSWORD})
    at = "/accounts/"
    pages = [guest.get(f"{at}{path}", headers={"host": "localhost"}) for path in ("login/", "signup/")]
    pages += [member.get(f"{at}{path}", headers={"host": "localhost"}) for path in (
        "", "logout/", "password/change/", "email/", "2fa/webauthn/", "2fa/webauthn/add/", "reauthenticate/",
    )]  # fmt: skip
    pages += [staff.get("/accounts/invitations/"), guest.get(recovery.link(ada))]
    for page in pages:
        assert page.status_code == HTTPStatus.OK
        html = page.content.decode()
        assert not re.search(r"<script(?![^>]*(src=|application/json))", html)
        assert not re.search(r'<style| style="| on[a-z]+="', html)
