"""What ends sessions does so at once on open connections, not with the next poll."""

from collections.abc import Callable
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from channels.db import database_sync_to_async
from django.contrib.sessions.models import Session
from django.test import Client, override_settings

from accounts import recovery
from accounts.models import User
from accounts.tests.test_sessions import cookie, entered
from conftest import Open


def signs_out(ada: User, client: Client) -> None:
    client.post("/accounts/logout/")


def is_signed_out_elsewhere(ada: User, client: Client) -> None:
    Session.objects.get().delete()


def is_recovered(ada: User, client: Client) -> None:
    Client().post(recovery.link(ada), {"password1": "another long password"})


def is_deactivated(ada: User, client: Client) -> None:
    ada.is_active = False
    ada.save()


@pytest.mark.parametrize("end", [signs_out, is_signed_out_elsewhere, is_recovered, is_deactivated])
@override_settings(CHAT_POLL_SECONDS=60, PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"])
async def test_a_connection_ends_with_4401_before_any_poll(opened: Open, end: Callable[[User, Client], Any]) -> None:
    def signed_in() -> tuple[User, Client]:
        ada, client = User.objects.create_user("Ada"), Client()
        client.force_login(ada)
        return ada, client

    ada, client = await database_sync_to_async(signed_in)()
    socket, _ = await entered(opened, cookie(client))
    guest = await opened()
    await database_sync_to_async(end)(ada, client)
    await socket.receive_type("error")
    assert await socket.close_code() == 4401
    assert (await guest.say("still here"))["type"] == "ack"
    await sync_to_async(User.objects.all().delete)()
