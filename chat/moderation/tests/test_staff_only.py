"""The live feed and the page are the staff's; all others get at each address what there is of nothing."""

import asyncio
import json
from typing import Any

import httpx
import pytest
from channels.db import database_sync_to_async
from django.conf import settings
from django.test import Client

from accounts.models import User
from chat.hub import hub
from chat.identity import Identity
from chat.models import Message, Room
from chat.moderation import acts
from chat.moderation.companion import NEWS
from chat.moderation.models import Ban, Mute, Purge, Record
from chat.moderation.urls import ACTS
from chat.tests import posted
from chat.tests.test_doors import seen, sign_in
from conftest import HOST, ORIGIN, Open

pytestmark = pytest.mark.django_db(transaction=True)

GRACE = Identity("user-1", "Grace", is_staff=True)


@database_sync_to_async
def session_of(name: str, *, is_staff: bool = False) -> str:
    client = Client()
    client.force_login(User.objects.create_user(name, is_staff=is_staff))
    return str(client.cookies[settings.SESSION_COOKIE_NAME].value)


def headers(session: str) -> Any:
    return ORIGIN, HOST, (b"cookie", f"{settings.SESSION_COOKIE_NAME}={session}".encode())


@database_sync_to_async
def a_report(text: str = "rude") -> None:
    bob = Identity(id="guest-bob", name="Bob")
    said = posted.say(author=Identity(id="guest-ada", name="Ada"), text=text)
    acts.report(by=bob, room="lobby", message=said.seq, why="because")


async def test_the_staff_see_reports_and_records_live_and_those_after_a_number(opened: Open) -> None:
    session = await session_of("grace", is_staff=True)
    socket = await opened("/ws/chat/admin/", headers=headers(session))
    hello = await socket.receive_type("hello")
    assert (hello["seq"], hello["you"]["name"]) == (0, "grace")
    await a_report()
    hub().people.tell_companions(NEWS)
    report = await socket.receive_type("report")
    assert (report["whom"]["name"], report["by"]["name"], report["room"], report["message"], report["why"]) == (
        "Ada", "Bob", "lobby", 1, "because"
    )  # fmt: skip
    await database_sync_to_async(acts.slow)(by=GRACE, room="lobby", seconds=5, why="")
    hub().people.tell_companions(NEWS)
    record = await socket.receive_type("record")
    assert (record["act"], record["detail"]) == ("slow", "5 s")
    again = await opened(f"/ws/chat/admin/?after={report['id']}", headers=headers(session))
    assert (await again.receive_type("hello"))["seq"] == record["id"]
    assert (await again.receive())["id"] == record["id"]


async def test_who_is_no_longer_staff_is_sent_away(opened: Open) -> None:
    session = await session_of("grace", is_staff=True)
    socket = await opened("/ws/chat/admin/", headers=headers(session))
    await socket.receive_type("hello")
    await User.objects.aupdate(is_staff=False)
    hub().people.tell_companions(NEWS)
    assert (await socket.receive_type("error"))["reason"] == "session_ended"
    assert await socket.close_code() == 4401


@pytest.mark.parametrize("who", ["guest", "account"])
async def test_to_all_others_the_feed_is_no_room(opened: Open, who: str) -> None:
    known = headers(await session_of("ada")) if who == "account" else (ORIGIN, HOST)
    for subprotocols in (("chat.v1",), ()):
        answers = []
        for path in ("/ws/chat/admin/", "/ws/chat/no room/"):
            socket = await opened(path, headers=known, subprotocols=subprotocols)
            answers.append((socket.subprotocol, json.dumps(await socket.receive()), await socket.close_code()))
        assert answers[0] == answers[1]
        assert answers[0][2] == 4404


FIELDS = {"whom": "guest-0123456789abcdef", "room": "lobby", "id": "1", "seconds": "9", "hours": "1", "why": "x"}


@pytest.mark.parametrize("who", ["guest", "account"])
@pytest.mark.parametrize("act", ["", *(f"{act}/" for act in ACTS)])
async def test_to_all_others_every_address_of_the_staff_is_none(web: httpx.AsyncClient, act: str, who: str) -> None:
    await a_report()
    if who == "account":
        sign_in(web, await session_of("ada"))
    for data in (FIELDS, FIELDS | {"room": "nowhere", "id": "999", "whom": "user-999"}):
        answers = []
        for address in (f"/moderation/{act}", f"/there-is-nothing/{act}"):
            answers.append(seen(await (web.post(address, data=data) if act else web.get(address))))
        assert answers[0][0] == 404
        assert answers[0][2] == answers[1][2].replace("there-is-nothing", "moderation")
    assert not await Ban.objects.aexists() and not await Mute.objects.aexists() and not await Purge.objects.aexists()  # noqa: PT018
    assert [each.act async for each in Record.objects.all()] == ["report"]
    assert (await Room.objects.aget()).slow_seconds == 0
    assert (await Message.objects.aget()).deleted_at is None


async def test_a_report_of_a_message_in_a_room_that_one_may_not_know_of_is_refused_as_for_admin(
    web: httpx.AsyncClient, ada: Identity
) -> None:
    await database_sync_to_async(posted.say)(author=ada, text="secret", room="vault")
    await Room.objects.filter(name="vault").aupdate(kind="closed")
    vault, admin = [await web.post(f"/chat/{room}/report/1/", headers={"accept": "application/json"})
                    for room in ("vault", "admin")]  # fmt: skip
    assert vault.status_code == 404
    assert seen(vault) == seen(admin)


async def test_the_page_shows_what_waits_and_what_was_done(web: httpx.AsyncClient) -> None:
    await a_report("<b>rude</b>")
    await database_sync_to_async(acts.ban)(by=GRACE, target="192.0.2.7", until=None, why="spam")
    sign_in(web, await session_of("grace", is_staff=True))
    page = await web.get("/moderation/")
    assert page.status_code == 200
    for text in ("&lt;b&gt;rude&lt;/b&gt;", "Reported by <bdi>Bob</bdi>", "192.0.2.7", "for good", "spam"):
        assert text in page.text
    answer = await web.post("/moderation/ban/", data={"whom": "nobody"})
    assert (answer.status_code, "is needed" in answer.text) == (400, True)
    answer = await web.post("/moderation/unban/", data={"whom": "192.0.2.7"})
    assert (answer.status_code, answer.headers["location"]) == (302, "/moderation/")
    await asyncio.sleep(0)


def test_nobody_changes_a_record_or_takes_it_away_not_even_a_superuser(client: Client) -> None:
    record = acts.record("ban", GRACE, whom="user-2", why="spam")
    client.force_login(User.objects.create_superuser("Root"))
    admin, form = "/admin/moderation/record/", {"why": "another", "post": "yes"}
    assert client.get(f"{admin}{record.pk}/change/").status_code == 200, "to look at"
    for path in (f"{record.pk}/change/", f"{record.pk}/delete/", "add/"):
        assert client.post(admin + path, form).status_code == 403
    client.post(admin, form | {"action": "delete_selected", "_selected_action": record.pk})
    assert Record.objects.get().why == "spam"
