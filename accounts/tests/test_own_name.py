"""An account takes another name: on a page of its own, by the rules for all names, and on all its devices at once."""

import pytest
from channels.db import database_sync_to_async
from django.test import Client, override_settings

from accounts import attempts
from accounts.forms import NAMES
from accounts.models import User, account_named
from accounts.tests.test_sessions import cookie, entered, signed_in
from chat.models import Message
from conftest import Open

pytestmark = pytest.mark.django_db(transaction=True)

PATH = "/accounts/name/"


@pytest.fixture(autouse=True)
def fresh_attempts() -> None:
    attempts.forget_all()


@pytest.fixture
def ada() -> User:
    return User.objects.create_user("Ada")


@override_settings(CHAT_POLL_SECONDS=60)
async def test_all_devices_have_the_new_name_at_once_and_speak_under_it(opened: Open, ada: User) -> None:
    phone, desk = [await database_sync_to_async(signed_in)(ada) for _ in range(2)]
    sockets = [(await entered(opened, cookie(device)))[0] for device in (phone, desk)]
    await sockets[1].say("before")
    await database_sync_to_async(phone.post)(PATH, {"username": "Countess"})
    for socket in sockets:
        assert (await socket.receive_type("hello"))["you"] == {"id": f"user-{ada.pk}", "name": "Countess"}
        await socket.say("after")
    names = [each.author_name async for each in Message.objects.order_by("seq")]
    assert names == ["Ada", "Countess", "Countess"], "renaming changes no old message"


@override_settings(CHAT_POLL_SECONDS=0.1)
async def test_a_new_name_that_nothing_announced_is_found_by_the_poll(opened: Open, ada: User) -> None:
    socket, _ = await entered(opened, cookie(await database_sync_to_async(signed_in)(ada)))
    await User.objects.filter(pk=ada.pk).aupdate(username="Countess")
    assert (await socket.receive_type("hello"))["you"]["name"] == "Countess"


@pytest.mark.parametrize("name", ["Bob", "B0B", "a/b", "", "x" * 33, "\u200b"], ids=ascii)
def test_a_name_that_is_none_or_anothers_is_refused_with_a_reason(ada: User, name: str) -> None:
    User.objects.create_user("Bob")
    answer = signed_in(ada).post(PATH, {"username": name})
    assert (answer.status_code, answer.content.decode().count('role="alert"')) == (200, 1)
    assert User.objects.get(pk=ada.pk).username == "Ada"
    assert account_named("Bob") != ada


def test_the_name_before_is_kept_and_may_be_taken_again(ada: User) -> None:
    client = signed_in(ada)
    for name in ("Countess", "  ada ", "ada"):
        assert client.post(PATH, {"username": name})["Location"] == "/accounts/"
    assert User.objects.get().username == "ada"
    assert account_named("Countess") == ada


def test_a_name_that_is_taken_between_the_look_and_the_update_is_refused_too(
    ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    User.objects.create_user("Bob")
    monkeypatch.setattr("accounts.models.AccountNames.check_free", lambda self, person: None)
    answer = signed_in(ada).post(PATH, {"username": "B0B"})
    assert "took this name just now" in answer.content.decode()
    assert User.objects.get(pk=ada.pk).username == "Ada"


def test_names_are_not_tried_without_end(ada: User) -> None:
    client = signed_in(ada)
    answers = [client.post(PATH, {"username": f"Ada the {number}th"}).status_code for number in range(NAMES + 1)]
    assert answers == [302] * NAMES + [429]


def test_a_guest_has_no_such_page() -> None:
    assert Client().post(PATH, {"username": "Ada"})["Location"].startswith("/accounts/login/")
