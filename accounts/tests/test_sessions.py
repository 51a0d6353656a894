"""Who signs out, is deactivated or gets another password speaks under that name no longer, on any connection."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from channels.db import database_sync_to_async
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import OperationalError
from django.test import Client, override_settings
from django.utils import timezone

from accounts.models import User
from accounts.sessions import Look, look, signed_in as let_in
from chat import hub
from chat.models import Message
from conftest import HOST, ORIGIN, Open, Socket


@pytest.fixture
def grace(transactional_db: None) -> User:
    return User.objects.create_user("grace")


@pytest.fixture(autouse=True)
def often() -> Iterator[None]:
    with override_settings(CHAT_POLL_SECONDS=0.05):
        yield


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def cookie(client: Client) -> tuple[bytes, bytes]:
    return (b"cookie", f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}".encode())


async def entered(opened: Open, session: tuple[bytes, bytes]) -> tuple[Socket, str]:
    """A connection, and the name it was given."""
    socket = await opened(headers=(ORIGIN, HOST, session))
    return socket, (await socket.receive_type("hello"))["you"]["name"]


Change = Callable[[User, Client], Any]


def signs_out(user: User, client: Client) -> None:
    client.logout()


def is_deactivated(user: User, client: Client) -> None:
    user.is_active = False
    user.save()


def gets_another_password(user: User, client: Client) -> None:
    user.set_unusable_password()  # as good as another, and quick
    user.save()


def is_removed(user: User, client: Client) -> None:
    user.delete()


@pytest.mark.parametrize("change", [signs_out, is_deactivated, gets_another_password, is_removed])
async def test_a_session_that_ended_is_told_so_closed_with_4401_and_says_nothing_more(
    opened: Open, grace: User, change: Change
) -> None:
    client = await database_sync_to_async(signed_in)(grace)
    session = cookie(client)
    (phone, name), (desk, _) = await entered(opened, session), await entered(opened, session)
    assert name == "grace"
    await database_sync_to_async(change)(grace, client)
    for socket in (phone, desk):
        error = await socket.receive_type("error")
        assert (error["code"], error["detail"]) == ("forbidden", "Your session has ended.")
        assert await socket.close_code() == 4401
    _, name = await entered(opened, session)
    assert name.startswith("Anonymous-"), "nor does its cookie let anybody in again"


async def test_what_was_on_its_way_when_the_session_ended_is_not_stored(opened: Open, grace: User) -> None:
    client = await database_sync_to_async(signed_in)(grace)
    socket, _ = await entered(opened, cookie(client))
    await database_sync_to_async(signs_out)(grace, client)
    await socket.close_code()
    await socket.send(message="late", client_id=str(uuid4()))
    back = await opened("/ws/chat/lobby/?after=0")
    assert (await back.say("next"))["seq"] == 1


async def test_another_session_of_the_same_user_and_a_guest_go_on(opened: Open, grace: User) -> None:
    ending, staying = await database_sync_to_async(signed_in)(grace), await database_sync_to_async(signed_in)(grace)
    gone, _ = await entered(opened, cookie(ending))
    still, _ = await entered(opened, cookie(staying))
    guest = await opened()
    await database_sync_to_async(ending.logout)()
    assert await gone.close_code() == 4401
    assert (await still.say("still here"))["type"] == "ack"
    assert (await guest.say("me too"))["type"] == "ack"


async def test_nothing_is_kept_of_a_session_whose_connections_are_gone(opened: Open, grace: User) -> None:
    client = await database_sync_to_async(signed_in)(grace)
    socket, _ = await entered(opened, cookie(client))
    assert len(hub.hub().people) == 1
    await socket.raw.disconnect(timeout=5)
    assert not hub.hub().people


async def test_a_look_that_failed_is_made_again(opened: Open, grace: User, monkeypatch: pytest.MonkeyPatch) -> None:
    failed, really_look = asyncio.Event(), hub._look

    def failing(tickets: Any) -> Awaitable[Look]:
        if failed.is_set():
            return really_look(tickets)
        failed.set()
        raise OperationalError("gone")

    monkeypatch.setattr(hub, "_look", failing)
    client = await database_sync_to_async(signed_in)(grace)
    socket, _ = await entered(opened, cookie(client))
    await asyncio.wait_for(failed.wait(), 5)
    await database_sync_to_async(client.logout)()
    assert await socket.close_code() == 4401


def test_a_page_asked_for_with_a_copy_of_a_cookie_that_was_signed_out_is_a_guests(grace: User) -> None:
    client, copy = signed_in(grace), Client()
    copy.cookies[settings.SESSION_COOKIE_NAME] = client.cookies[settings.SESSION_COOKIE_NAME].value
    assert copy.get("/chat/lobby/").context["you"].name == "grace"
    client.logout()
    assert copy.get("/chat/lobby/").context["you"].name.startswith("Anonymous-")


def test_a_copy_of_a_cookie_that_was_signed_out_opens_no_admin(admin_user: User) -> None:
    client, copy = signed_in(admin_user), Client()
    copy.cookies[settings.SESSION_COOKIE_NAME] = client.cookies[settings.SESSION_COOKIE_NAME].value
    assert copy.get("/admin/").status_code == 200
    client.logout()
    assert copy.get("/admin/").status_code == 302


def test_what_was_written_as_a_user_is_not_stored_for_whoever_it_is_now(grace: User) -> None:
    client = signed_in(grace)
    said = {"message": "hello", "client_id": str(uuid4()), "as": f"user-{grace.pk}"}
    assert client.post("/chat/lobby/messages/", said, headers={"Accept": "application/json"}).status_code == 201
    client.logout()
    refused = client.post(
        "/chat/lobby/messages/", said | {"client_id": str(uuid4())}, headers={"Accept": "application/json"}
    )
    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
    assert Message.objects.count() == 1


def key_of(client: Client) -> str:
    return str(client.cookies[settings.SESSION_COOKIE_NAME].value)


def test_many_sessions_are_asked_for_in_two_queries(grace: User, django_assert_num_queries: Any) -> None:
    keys = [key_of(signed_in(grace)) for _ in range(3)]
    with django_assert_num_queries(2):
        assert let_in([*keys, "unknown", ""]).keys() == set(keys)


def test_an_expired_session_lets_nobody_in_and_ends(grace: User) -> None:
    key = key_of(signed_in(grace))
    ticket = let_in([key])[key].ticket
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert not let_in([key])
    assert look([ticket]).ended == {ticket}


def test_a_session_that_is_used_is_renewed_once_a_day_and_not_at_each_page(grace: User) -> None:
    client = signed_in(grace)
    assert settings.SESSION_COOKIE_NAME not in client.get("/chat/lobby/").cookies
    Session.objects.update(expire_date=timezone.now() + timedelta(days=88))
    assert settings.SESSION_COOKIE_NAME in client.get("/chat/lobby/").cookies
    assert Session.objects.get().expire_date > timezone.now() + timedelta(days=89)


def is_made_staff(user: User, client: Client) -> None:
    user.is_staff = True
    user.save(update_fields=["is_staff"])


def is_staff_no_more(user: User, client: Client) -> None:
    user.is_staff = False
    user.save(update_fields=["is_staff"])


@override_settings(CHAT_POLL_SECONDS=60)
async def test_who_becomes_staff_or_is_it_no_more_signs_in_again(opened: Open, grace: User) -> None:
    for change in (is_made_staff, is_staff_no_more):
        client = await database_sync_to_async(signed_in)(grace)
        socket, _ = await entered(opened, cookie(client))
        await database_sync_to_async(change)(grace, client)
        assert await socket.close_code() == 4401
        page = await database_sync_to_async(client.get)("/admin/")
        assert page["Location"] == "/admin/login/?next=/admin/", "nor is it one for the admin"


def test_a_session_of_staff_lasts_twelve_hours(admin_user: User) -> None:
    client = signed_in(admin_user)
    assert Session.objects.get().expire_date < timezone.now() + timedelta(hours=12, seconds=5)
    client.get("/chat/lobby/")
    assert Session.objects.get().expire_date < timezone.now() + timedelta(hours=12, seconds=5)


@override_settings(SECRET_KEY="new", SECRET_KEY_FALLBACKS=[settings.SECRET_KEY])
def test_a_new_secret_key_signs_nobody_out_while_the_old_one_is_a_fallback(grace: User) -> None:
    with override_settings(SECRET_KEY=settings.SECRET_KEY_FALLBACKS[0], SECRET_KEY_FALLBACKS=[]):
        client = signed_in(grace)
    assert client.get("/chat/lobby/").context["you"].name == "grace"


def test_a_guest_is_known_again_by_a_signed_cookie_and_by_no_other(transactional_db: None) -> None:
    client = Client()
    first = client.get("/chat/lobby/").context["you"]
    assert client.get("/chat/lobby/").context["you"].id == first.id
    client.cookies["chat_guest"] = first.guest.hex
    assert client.get("/chat/lobby/").context["you"].id != first.id
    assert not Session.objects.exists()
