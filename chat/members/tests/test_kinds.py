"""A room that becomes more closed sends away who may not stay, at every door. A direct room has a name of its own."""

import asyncio
import json
from typing import Any

import httpx
import pytest
from channels.db import database_sync_to_async
from django.conf import settings

from accounts.models import User
from accounts.sessions import Ticket
from chat.hub import hub
from chat.identity import Identity
from chat.members import acts
from chat.models import CLOSED, DIRECT, OPEN, PUBLIC, Room
from chat.names import direct_name
from chat.tests.test_doors import session_of
from conftest import HOST, ORIGIN, Open

pytestmark = pytest.mark.django_db(transaction=True)


@database_sync_to_async
def a_hall(kind: str, owner: str) -> None:
    user = User.objects.get(username=owner)
    acts.make(by=Identity(f"user-{user.pk}", owner, ticket=Ticket("", user.pk, "")), name="hall", kind=kind, topic="")


async def are_live(number: int) -> None:
    async with asyncio.timeout(10):
        while True:
            feed = hub()._feeds.get("hall")
            if feed and sum(member.live and not member.is_over for member in feed.members) == number:
                return
            await asyncio.sleep(0)


def cookies(session: str, web: httpx.AsyncClient) -> dict[str, str]:
    return {"cookie": f"{settings.SESSION_COOKIE_NAME}={session}; chat_csrf={web.cookies['chat_csrf']}",
            "accept": "application/json"}  # fmt: skip


def headers(session: str) -> list[Any]:
    return [ORIGIN, HOST, (b"cookie", f"{settings.SESSION_COOKIE_NAME}={session}".encode())]


@pytest.mark.parametrize(
    ("before", "after", "who", "reason"),
    [(PUBLIC, OPEN, "", "not_signed_in"), (OPEN, CLOSED, "mallory", "removed"), (PUBLIC, CLOSED, "", "removed")],
)
async def test_who_may_not_stay_is_sent_away_at_every_door_and_the_others_go_on(
    opened: Open, web: httpx.AsyncClient, before: str, after: str, who: str, reason: str
) -> None:
    owner = await session_of("ada")
    await a_hall(before, "ada")
    session = await session_of(who) if who else ""
    mine = cookies(session, web)
    line, ada = (
        await opened("/ws/chat/hall/", headers=headers(session)),
        await opened("/ws/chat/hall/", headers=headers(owner)),
    )
    stream, poll = [asyncio.create_task(web.get(f"/chat/hall/{door}", headers=mine)) for door in ("events/", "poll/")]
    await are_live(4)
    changed = await web.post("/chat/hall/settings/", data={"kind": after}, headers=cookies(owner, web))
    assert changed.status_code == 200
    async with asyncio.timeout(5):
        assert (await line.receive_type("error"))["reason"] == reason
        assert await line.close_code() == 4403
        *_, last = (await stream).text.strip().split("\n\n")
        assert last.startswith("event: error\n")
        assert json.loads(last.partition("data: ")[2])["reason"] == reason
        assert ((await poll).status_code, (await poll).json()["reason"]) == (403, reason)
    await are_live(1)
    assert (await ada.say("among us"))["type"] == "ack"


async def test_the_address_of_a_person_leads_to_the_room_of_the_two_by_its_own_name(
    opened: Open, web: httpx.AsyncClient
) -> None:
    ada, bob = await session_of("ada"), await session_of("bob")
    name = direct_name([user.pk async for user in User.objects.all()])
    theirs, his = [await opened(f"/ws/chat/{room}/", headers=headers(session))
                   for room, session in (("@bob", ada), ("@ADA", bob))]  # fmt: skip
    for line in (theirs, his):
        assert (await line.receive_type("hello"))["room"] == name
    assert not await Room.objects.aexists()
    await theirs.say("psst")
    assert (await his.receive_type("message"))["text"] == "psst"
    assert (await Room.objects.aget()).kind == DIRECT
    polled = await web.get("/chat/@bob/poll/?after=0&wait=0", headers=cookies(ada, web))
    assert [event["text"] for event in polled.json()["events"] if event["type"] == "message"] == ["psst"]
    for address, session in (("@ada", ada), ("@nobody", ada), ("@ada", "")):
        line = await opened(f"/ws/chat/{address}/", headers=headers(session))
        assert (await line.receive_type("error"))["reason"] == "no_such_room"
        assert await line.close_code() == 4404
