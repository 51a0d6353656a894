"""A page without a socket is told what is unread as others are: by its stream, or by the answers to its polls."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone

from accounts.models import User
from chat.models import CLOSED, Member, Room
from chat.tests.asked import Ask
from chat.unread.tests.test_telling import headers, session_of
from conftest import Open, Socket

Event = dict[str, Any]
Events = AsyncIterator[Event]


def cookie(session: str) -> str:
    return f"{settings.SESSION_COOKIE_NAME}={session}"


async def by_socket(ask: Ask, opened: Open, session: str) -> Events:
    socket = await opened("/ws/chat/hall/", headers=headers(session))
    while True:
        yield await socket._next()


async def by_stream(ask: Ask, opened: Open, session: str) -> Events:
    stream = ask("/chat/hall/events/", cookie=cookie(session))
    assert await stream.begun() == 200
    while True:
        yield json.loads((await stream.block())["data"])


async def by_polls(ask: Ask, opened: Open, session: str) -> Events:
    known, after = "0", 0
    while True:
        answer = await polled(ask, session, f"after={after}&wait=25&known={known}")
        known, after = answer["known"], answer["seq"]
        for event in answer["events"]:
            yield event


async def polled(ask: Ask, session: str, query: str) -> Any:
    poll = ask(f"/chat/hall/poll/?{query}", cookie=cookie(session))
    assert await poll.begun() == 200
    return json.loads(await poll.all())


async def hears(events: Events, unread: int) -> None:
    """Until so much is unread in the den. Where all is told, what is not named is read."""
    async with asyncio.timeout(10):
        async for event in events:
            if event["type"] == "unread":
                told = {each["room"]: each["unread"] for each in event["rooms"]}
                if told.get("den", 0 if "all" in event else None) == unread:
                    return
    raise AssertionError("it ended")


async def says_where_grace_belongs(opened: Open) -> tuple[str, Socket]:
    """Grace's session, and a guest in a room of hers."""
    session, bob = await session_of("grace"), await opened("/ws/chat/den/")
    member = await opened("/ws/chat/den/", headers=headers(session))
    await member.say("I belong here")
    return session, bob


@pytest.mark.parametrize("door", [by_socket, by_stream, by_polls])
async def test_at_each_door_numbers_come_within_moments(
    ask: Ask, opened: Open, door: Callable[[Ask, Open, str], Events]
) -> None:
    session, bob = await says_where_grace_belongs(opened)
    await bob.say("one")
    events = door(ask, opened, session)
    await hears(events, 1)
    await bob.say("two")
    await hears(events, 2)
    elsewhere = await opened("/ws/chat/den/", headers=headers(session))
    await elsewhere.send(type="read", seq=3, revision=0)
    await hears(events, 0)


async def test_a_poll_that_knows_the_numbers_waits_for_others(ask: Ask, opened: Open) -> None:
    session, bob = await says_where_grace_belongs(opened)
    await bob.say("one")
    first = await polled(ask, session, "after=0&wait=25&known=0")
    (unread,) = [event for event in first["events"] if event["type"] == "unread"]
    assert (unread["all"], [each["room"] for each in unread["rooms"]]) == (True, ["den"])
    hall = await opened("/ws/chat/hall/")
    while (await hall.receive_type("presence"))["count"] != 2:
        pass
    again = await polled(ask, session, f"after=0&wait=0&known={first['known']}")
    assert "unread" not in {event["type"] for event in again["events"]}
    waiting = asyncio.create_task(polled(ask, session, f"after=0&wait=25&known={again['known']}"))
    await hall.send(type="typing")
    await hall.receive_type("typing")
    assert not waiting.done()
    await bob.say("two")
    async with asyncio.timeout(10):
        answer = await waiting
    assert {"unread", "recent"} <= {event["type"] for event in answer["events"]}
    assert answer["known"] != again["known"]


async def test_where_something_happened_is_told_of_rooms_that_one_may_know_of(ask: Ask, opened: Open) -> None:
    grace, mallory = await session_of("grace"), await session_of("mallory")
    vault = await Room.objects.acreate(name="vault", kind=CLOSED, active_at=timezone.now())
    await Member.objects.acreate(room=vault, person=await User.objects.aget(username="grace"))
    await Room.objects.acreate(name="den", active_at=timezone.now())
    assert await recent(ask, grace) == {"den", "vault"}
    assert await recent(ask, mallory) == await recent(ask, "") == {"den"}


async def recent(ask: Ask, session: str) -> set[str]:
    answer = await polled(ask, session, "after=0&wait=0&known=0")
    return {room["room"] for event in answer["events"] if event["type"] == "recent" for room in event["rooms"]}


@pytest.mark.parametrize("word", ["0", "x", "..", "9.99999999999999", "%22%5d"])
async def test_a_word_that_makes_no_sense_is_that_of_one_who_knows_nothing(ask: Ask, opened: Open, word: str) -> None:
    session, _ = await says_where_grace_belongs(opened)
    answer = await polled(ask, session, f"wait=0&known={word}")
    assert "unread" in {event["type"] for event in answer["events"]}


async def test_a_client_that_keeps_no_word_is_answered_as_ever(ask: Ask, opened: Open) -> None:
    session, bob = await says_where_grace_belongs(opened)
    await bob.say("one")
    answer = await polled(ask, session, "after=0&wait=0")
    assert set(answer) == {"seq", "events"}
    assert {event["type"] for event in answer["events"]} <= {"presence"}
