"""Who signs out, is deactivated or gets another password speaks under that name no longer, on any connection."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from channels.db import database_sync_to_async
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client, override_settings
from django.utils import timezone

from chat import hub
from chat.models import Message, SignedOut
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
    assert len(hub.hub().sessions._ends) == 1
    await socket.raw.disconnect(timeout=5)
    assert not hub.hub().sessions._ends


async def test_a_look_that_failed_is_made_again(opened: Open, grace: User, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.db import OperationalError

    from chat import sessions

    failed, look = asyncio.Event(), sessions._ended

    def failing(tickets: Any) -> Awaitable[set[sessions.Ticket]]:
        if failed.is_set():
            return look(tickets)
        failed.set()
        raise OperationalError("gone")

    monkeypatch.setattr(sessions, "_ended", failing)
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
    SignedOut.objects.all().delete()
    assert copy.get("/chat/lobby/").context["you"].name.startswith("Anonymous-"), "nor was it signed anew"


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


def test_what_was_signed_out_is_remembered_as_long_as_its_cookie_is_good(grace: User) -> None:
    ages = {"good": settings.SESSION_COOKIE_AGE - 60, "old": settings.SESSION_COOKIE_AGE + 60}
    logins = {name: uuid4() for name in ages}
    for name, seconds in ages.items():
        SignedOut.objects.create(login=logins[name], at=timezone.now() - timedelta(seconds=seconds))
    signed_in(grace).logout()
    assert set(SignedOut.objects.filter(pk__in=logins.values()).values_list("pk", flat=True)) == {logins["good"]}
