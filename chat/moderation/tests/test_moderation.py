"""What staff do, as those hear of it whom it concerns: muted, slowed down, banned, deleted, and reported."""

import asyncio
import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
from channels.db import database_sync_to_async
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.test import Client, override_settings
from django.utils import timezone

from accounts.guests import COOKIE, _signer
from accounts.models import User
from chat import verbs
from chat.hub import hub
from chat.identity import Identity
from chat.models import Message, Room
from chat.moderation import bans, rules
from chat.moderation.companion import Moderator
from chat.moderation.models import Ban, Purge, Record, Report, Seen
from chat.tests import posted
from chat.tests.asked import Ask
from chat.tests.test_streams import are_live
from conftest import HOST, ORIGIN, Open, Socket

pytestmark = pytest.mark.django_db(transaction=True)


def cookie_of(user: User) -> str:
    client = Client()
    client.force_login(user)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


@pytest.fixture
def grace_user() -> User:
    return User.objects.create_user("grace", is_staff=True)


class Staff:
    """Grace, with the staff's page open."""

    def __init__(self, web: httpx.AsyncClient, session: str) -> None:
        self._web, self._session = web, session

    async def does(self, act: str, **fields: Any) -> httpx.Response:
        cookies = f"{settings.SESSION_COOKIE_NAME}={self._session}; chat_csrf={self._web.cookies['chat_csrf']}"
        headers = {"accept": "application/json", "cookie": cookies}
        return await self._web.post(f"/moderation/{act}/", data=fields, headers=headers)


@pytest.fixture
async def staff(web: httpx.AsyncClient, grace_user: User) -> Staff:
    return Staff(web, await database_sync_to_async(cookie_of)(grace_user))


async def account(opened: Open, name: str) -> tuple[Socket, str, str]:
    """Their socket, their id, and their session."""
    user = await database_sync_to_async(User.objects.create_user)(name)
    session = await database_sync_to_async(cookie_of)(user)
    socket = await opened(headers=(ORIGIN, HOST, (b"cookie", f"{settings.SESSION_COOKIE_NAME}={session}".encode())))
    return socket, f"user-{user.pk}", session


async def id_of(socket: Socket) -> str:
    return str((await socket.receive_type("hello"))["you"]["id"])


async def test_who_is_muted_in_a_room_may_read_there_and_speak_elsewhere(opened: Open, staff: Staff) -> None:
    ada, bob, elsewhere = await opened(), await opened(), await opened("/ws/chat/den/")
    whom = await id_of(ada)
    await ada.say("hello")
    assert (await staff.does("mute", room="lobby", whom=whom, hours="1", why="asked twice")).status_code == 200
    error = await ada.say("again")
    assert (error["code"], error["reason"]) == ("forbidden", "muted")
    await bob.say("hi")
    assert (await ada.receive_type("message"))["text"] == "hi"
    assert (await elsewhere.say("hello"))["type"] == "ack"
    assert (await staff.does("unmute", room="lobby", whom=whom)).status_code == 200
    assert (await ada.say("thanks"))["type"] == "ack"
    acts = [(each.act, each.whom, each.room, each.why) async for each in Record.objects.order_by("pk")]
    assert acts == [("mute", whom, "lobby", "asked twice"), ("unmute", whom, "lobby", "")]


async def test_a_mute_ends_by_itself(opened: Open, staff: Staff, monkeypatch: pytest.MonkeyPatch) -> None:
    ada = await opened()
    whom = await id_of(ada)
    await ada.say("hello")
    await staff.does("mute", room="lobby", whom=whom, hours="1")
    assert (await ada.say("again"))["reason"] == "muted"
    monkeypatch.setattr(rules.timezone, "now", lambda now=timezone.now: now() + timedelta(hours=2))
    assert (await ada.say("later"))["type"] == "ack"


async def test_a_message_that_was_stored_before_the_mute_is_acknowledged_when_it_comes_again(
    opened: Open, staff: Staff
) -> None:
    ada = await opened()
    whom, client_id = await id_of(ada), str(uuid4())
    first = await ada.say("hello", client_id)
    await staff.does("mute", room="lobby", whom=whom)
    await staff.does("slow", room="lobby", seconds="60")
    assert await ada.say("hello", client_id) == first


async def test_slow_mode_is_for_each_person_and_not_for_staff(opened: Open, staff: Staff, ada: Identity) -> None:
    one, other = await opened(), await opened()
    await one.say("hello")
    assert (await staff.does("slow", room="lobby", seconds="60")).status_code == 200
    error = await one.say("again")
    assert (error["reason"], 50 < error["retry_after"] <= 61) == ("slow_mode", True)
    assert (await other.say("hi"))["type"] == "ack"
    grace = await opened(headers=(ORIGIN, HOST, (b"cookie", f"chat_session={staff._session}".encode())))
    for _ in "12":
        assert (await grace.say("order, please"))["type"] == "ack"
    await staff.does("slow", room="lobby", seconds="0")
    assert (await one.say("again"))["type"] == "ack"


async def test_two_messages_of_one_batch_are_two_in_slow_mode(opened: Open, ada: Identity) -> None:
    await database_sync_to_async(posted.say)(author=ada, text="x")
    await Room.objects.aupdate(slow_seconds=60)
    await Message.objects.aupdate(sent_at=timezone.now() - timedelta(hours=1))
    outcomes = [hub().writer.submit(verbs.Say("lobby", ada, text)) for text in "ab"]
    first, second = [await outcome for outcome in outcomes]
    assert (type(first).__name__, getattr(second, "reason", "")) == ("Accepted", "slow_mode")


async def test_a_banned_account_is_cut_off_at_once_and_comes_in_nowhere(
    opened: Open,
    staff: Staff,
    web: httpx.AsyncClient,
) -> None:
    ada, whom, session = await account(opened, "ada")
    await ada.receive_type("hello")
    assert (await staff.does("ban", whom=whom, why="spam")).status_code == 200
    async with asyncio.timeout(1):
        assert (await ada.receive_type("error"))["reason"] == "banned"
        assert await ada.close_code() == 4403
    assert not await Session.objects.filter(session_key=session).aexists()
    await cannot_sign_in(whom)
    await staff.does("unban", whom=whom)
    assert not await Ban.objects.aexists()


async def test_a_ban_ends_an_open_stream_and_a_waiting_poll_and_lets_neither_in_again(ask: Ask, staff: Staff) -> None:
    doors, cookie = ("/chat/lobby/events/", "/chat/lobby/poll/?wait=25"), f"{COOKIE}={_signer.sign(uuid4().hex)}"
    stream, poll = [ask(door, cookie=cookie) for door in doors]
    assert await stream.begun() == 200
    whom = json.loads((await stream.block())["data"])["you"]["id"]
    waiting = asyncio.create_task(poll.begun())
    await are_live(2)
    assert (await staff.does("ban", whom=whom, why="spam")).status_code == 200
    while (last := await stream.block())["event"] != "error":
        pass
    assert json.loads(last["data"])["reason"] == "banned"
    assert stream.is_over or await stream.all() == ""
    assert await waiting == 403
    assert json.loads(await poll.all()) == json.loads(last["data"])
    for door in doors:
        again = ask(door, cookie=cookie)
        assert await again.begun() == 403
        assert json.loads(await again.all())["reason"] == "banned"


@database_sync_to_async
def cannot_sign_in(whom: str) -> None:
    with pytest.raises(PermissionDenied):
        Client().force_login(User.objects.get(pk=whom[5:]))


async def eventually(rows: QuerySet[Any], within: float = 10) -> None:
    async with asyncio.timeout(within):
        while not await rows.all().aexists():  # noqa: ASYNC110 - nobody announces it
            await asyncio.sleep(0.05)


async def test_a_ban_of_a_guest_also_keeps_other_guests_from_there_out_for_a_day_and_no_accounts(
    opened: Open, staff: Staff
) -> None:
    ada = await opened()
    whom = await id_of(ada)
    await ada.say("buy")
    await eventually(Seen.objects.filter(person=whom, address="127.0.0.1"))
    await staff.does("ban", whom=whom)
    assert await ada.close_code() == 4403
    fresh = await opened()
    assert (await fresh.receive_type("error"))["reason"] == "banned"
    assert await fresh.close_code() == 4403
    bob, _, _ = await account(opened, "bob")
    assert (await bob.say("I am somebody"))["type"] == "ack"
    ban = await Ban.objects.aget(target="127.0.0.1")
    assert ban.guests_only
    assert ban.until
    assert timedelta(hours=23) < ban.until - timezone.now() <= timedelta(hours=24)


async def test_from_where_a_guest_speaks_is_one_row_a_day_and_gone_after_thirty(opened: Open) -> None:
    today = timezone.now().date()
    for days in (30, 31):
        old = {"person": f"guest-{days}", "address": "192.0.2.7", "day": today - timedelta(days=days)}
        await Seen.objects.acreate(**old)
    ada = await opened()
    whom = await id_of(ada)
    moderator = hub().people.companion(Moderator)
    assert moderator
    for _ in "12":
        await ada.say("hello")
        await ada.say("again")
        await moderator._look()
        moderator._seen.clear()  # as in another process, or after a restart
    rows = [(each.person, each.day) async for each in Seen.objects.order_by("day")]
    assert rows == [("guest-30", today - timedelta(days=30)), (whom, today)]


@override_settings(CHAT_POLL_SECONDS=0.2)
async def test_a_ban_that_no_wake_up_announces_is_found_by_the_poll(opened: Open, grace_user: User) -> None:
    ada = await opened()
    whom = await id_of(ada)
    await Ban.objects.acreate(target=whom)
    async with asyncio.timeout(2):
        assert await ada.close_code() == 4403


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("192.0.2.7", "192.0.2.7"), ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"), ("2001:db8:1:2::/64", "2001:db8:1:2::/64"),
     ("::ffff:192.0.2.7", "192.0.2.7")],
)  # fmt: skip
def test_an_address_is_banned_with_what_one_client_has(typed: str, kept: str) -> None:
    assert bans.clean_target(typed) == kept


@pytest.mark.parametrize(
    "typed", ["", "ada", "user-", "user-x", "0.0.0.0/0", "2001:db8::/32", "1.2.3", "guest-xyz", "guest-once-"]
)
async def test_what_is_nobody_and_no_address_is_refused(staff: Staff, typed: str) -> None:
    answer = await staff.does("ban", whom=typed)
    assert (answer.status_code, answer.json()["reason"]) == (400, "bad_target")
    assert not await Ban.objects.aexists()


async def test_staff_are_not_banned_here(staff: Staff, grace_user: User) -> None:
    answer = await staff.does("ban", whom=f"user-{grace_user.pk}")
    assert (answer.status_code, answer.json()["reason"]) == (403, "is_staff")


async def test_everything_by_an_author_vanishes_live_in_all_rooms_newest_first(opened: Open, staff: Staff) -> None:
    mallory = Identity(id="guest-0123456789abcdef", name="Mallory")
    bob = Identity(id="guest-bob", name="Bob")
    for number in range(250):
        await database_sync_to_async(posted.say)(author=mallory, text=f"spam {number}", room=f"r{number % 2}")
    await database_sync_to_async(posted.say)(author=bob, text="ham", room="r0")
    socket = await opened("/ws/chat/r0/")
    await socket.receive_type("hello")
    assert (await staff.does("purge", whom=mallory.id, why="spam")).status_code == 200
    gone = [(await socket.receive_type("deleted"))["id"] for _ in range(125)]
    assert gone == sorted(gone, reverse=True)
    await eventually(Purge.objects.filter(finished_at__isnull=False), 20)
    assert [each.text async for each in Message.objects.filter(deleted_at=None)] == ["ham"]


async def test_a_job_of_a_killed_process_is_taken_up_by_another(opened: Open) -> None:
    mallory = Identity(id="guest-0123456789abcdef", name="Mallory")
    for number in range(3):
        await database_sync_to_async(posted.say)(author=mallory, text=f"spam {number}")
    newest = await Message.objects.order_by("-pk").afirst()
    assert newest
    ago = timezone.now() - timedelta(minutes=1)
    await Purge.objects.acreate(author=mallory.id, by="user-1", by_name="Grace", before=newest.pk, stepped_at=ago)
    await opened()
    await eventually(Purge.objects.filter(finished_at__isnull=False), 10)
    assert [each.text async for each in Message.objects.filter(deleted_at=None)] == ["spam 2"]


async def test_staff_who_delete_a_message_are_recorded_and_authors_are_not(opened: Open, staff: Staff) -> None:
    ada = await opened()
    await ada.say("one")
    grace = await opened(headers=(ORIGIN, HOST, (b"cookie", f"chat_session={staff._session}".encode())))
    await grace.receive_type("hello")
    answer = await staff.does("remove", room="lobby", id="1")
    assert answer.status_code == 200
    assert (await grace.receive_type("deleted"))["id"] == 1
    record = await Record.objects.aget()
    assert (record.act, record.room, record.message, record.by_name) == ("delete", "lobby", 1, "grace")


async def test_a_report_waits_for_the_staff_once_and_is_handled(
    opened: Open,
    staff: Staff,
    web: httpx.AsyncClient,
) -> None:
    ada = await opened()
    await ada.say("rude")
    for _ in "12":
        answer = await web.post("/chat/lobby/report/1/", data={"why": "rude"}, headers={"accept": "application/json"})
        assert answer.status_code == 200
    assert await Report.objects.acount() == 1
    for missing in (2, 10**12):
        answer = await web.post(f"/chat/lobby/report/{missing}/", headers={"accept": "application/json"})
        assert (answer.status_code, answer.json()["reason"]) == (403, "no_such_message")
    assert (await staff.does("keep", room="lobby", id="1", why="a joke")).status_code == 200
    assert not await Report.objects.aexists()
    assert [each.act async for each in Record.objects.order_by("pk")] == ["report", "handled"]
