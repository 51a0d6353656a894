"""Every page of a person hears of what became unread, and of what was read elsewhere."""

from typing import Any

import pytest
from channels.db import database_sync_to_async
from django.conf import settings
from django.test import Client

from accounts.models import User
from chat.models import Member
from conftest import HOST, ORIGIN, Open, Socket

pytestmark = pytest.mark.django_db(transaction=True)


@database_sync_to_async
def session_of(name: str) -> str:
    client = Client()
    client.force_login(User.objects.create_user(name))
    return str(client.cookies[settings.SESSION_COOKIE_NAME].value)


def headers(session: str) -> Any:
    return ORIGIN, HOST, (b"cookie", f"{settings.SESSION_COOKIE_NAME}={session}".encode())


async def hears(socket: Socket, room: str, **expected: int) -> dict[str, Any]:
    """Until it is told that."""
    while True:
        event = await socket.receive_type("unread")
        for each in event["rooms"]:
            if each["room"] == room and expected.items() <= each.items():
                return each


async def test_both_devices_of_a_person_follow_what_is_said_deleted_read_and_marked_unread(opened: Open) -> None:
    ada, bob = await session_of("ada"), await session_of("bob")
    first, second = [await opened("/ws/chat/hall/", headers=headers(ada)) for _ in range(2)]
    await first.say("I am here")
    other = await opened("/ws/chat/hall/", headers=headers(bob))
    await other.say("hello, Ada")
    await other.say("hello again")
    for device in (first, second):
        await hears(device, "hall", unread=2, read=1)
    await first.send(type="read", seq=3, revision=0)
    for device in (first, second):
        await hears(device, "hall", unread=0, read=3)
    await second.send(type="read", seq=1, revision=1)
    for device in (first, second):
        assert (await hears(device, "hall", unread=2))["revision"] == 1
    again = await opened("/ws/chat/lobby/", headers=headers(ada))
    event = await again.receive_type("unread")
    assert event["all"]
    assert [(each["room"], each["unread"]) for each in event["rooms"]] == [("hall", 2)]


async def test_a_marker_that_makes_no_sense_is_a_bad_frame_and_a_guests_changes_nothing(opened: Open) -> None:
    guest = await opened()
    for frame in ({}, {"seq": -1}, {"seq": "1"}, {"seq": True}, {"seq": 1, "revision": None}):
        socket = await opened()
        await socket.send(type="read", **frame)
        assert (await socket.receive_type("error"))["code"] == "bad_frame"
    await guest.send(type="read", seq=1, revision=0)
    assert (await guest.say("hello"))["type"] == "ack"
    assert not await Member.objects.aexists()
