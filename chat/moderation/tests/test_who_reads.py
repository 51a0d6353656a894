"""Every door at which messages are read, and everybody who might stand there; the banned are let in at none."""

from dataclasses import dataclass

import httpx
import pytest
from channels.db import database_sync_to_async
from django.db.models import Value
from django.db.models.functions import Concat

from accounts.models import User
from chat.hub import hub
from chat.identity import Identity
from chat.models import CLOSED, OPEN, Member, Message, Room
from chat.moderation import bans
from chat.moderation.models import Ban
from chat.search.tests.test_search import index
from chat.tests import posted
from chat.tests.test_doors import session_of, sign_in
from conftest import HOST, ORIGIN, Open

pytestmark = pytest.mark.django_db(transaction=True)

HERE = "127.0.0.1"
SECRET = "treasure"
ROOMS = ("lobby", "hall", "vault")  # public, open, closed
DOORS = (
    "/chat/{room}/",
    "/chat/{room}/?at=1",
    "/chat/{room}/?before=9",
    "/chat/{room}/history/",
    "/chat/{room}/history/?after=0",
    "/chat/{room}/messages/1/",
    "/chat/{room}/poll/?after=0&wait=0",
    "/chat/{room}/report/",
    "/chat/{room}/report/1/",
    "/search/?q=" + SECRET,
    "/search/?q=in:{room}",
    "/inbox/",
    "/chat/",
    "/rooms/?room={room}",  # names alone
)


@dataclass(frozen=True)
class Person:
    who: str
    reads: tuple[str, ...] = ()
    banned: str = ""  # themselves, or the address they come from
    has_account: bool = True
    is_member: bool = False
    is_staff: bool = False
    has_cookies: bool = True


PEOPLE = [
    Person("a guest", ("lobby",), has_account=False),
    Person("an account", ("lobby", "hall")),
    Person("a member", ROOMS, is_member=True),
    Person("staff", ("lobby", "hall"), is_staff=True),
    Person("a banned guest", banned="themselves", has_account=False),
    Person("a guest at a banned address", banned=HERE, has_account=False),
    Person("without a cookie at a banned address", banned=HERE, has_account=False, has_cookies=False),
    Person("a banned member", banned="themselves", is_member=True),
    Person("a member at a banned address", banned=HERE, is_member=True),
    Person("staff at a banned address", ("lobby", "hall"), banned=HERE, is_staff=True),
]


@database_sync_to_async
def the_same_is_said_in_all_rooms() -> None:
    """To Mallory, so that it stands in her inbox."""
    for room in ROOMS:
        posted.say(author=Identity("guest-ada", "Ada"), text=f"{SECRET} of the {room}, @Mallory", room=room)
    Room.objects.filter(name="hall").update(kind=OPEN)
    Room.objects.filter(name="vault").update(kind=CLOSED)
    index()


async def become(web: httpx.AsyncClient, person: Person) -> None:
    me = (await web.get("/chat/elsewhere/")).text.split('data-you="')[1].split('"')[0]
    session = await session_of("Mallory", is_staff=person.is_staff) if person.has_account else ""
    await the_same_is_said_in_all_rooms()
    if person.has_account:
        user = await User.objects.aget()
        if person.is_member:
            await Member.objects.acreate(room=await Room.objects.aget(name="vault"), person=user)
        sign_in(web, session)
        me = f"user-{user.pk}"
    if not person.has_cookies:
        web.cookies.clear()
    if person.banned:
        await Ban.objects.acreate(target=HERE if person.banned == HERE else me)
        await database_sync_to_async(bans.refresh)()


@pytest.mark.parametrize("person", PEOPLE, ids=lambda person: person.who)
async def test_nobody_reads_what_they_may_not_at_any_door(web: httpx.AsyncClient, person: Person) -> None:
    await become(web, person)
    seen, refused = dict[str, set[str]](), set[str]()
    for door in DOORS:
        seen[door] = set()
        for room in ROOMS:
            answer = await web.get(door.format(room=room))
            seen[door] |= {each for each in ROOMS if f"{SECRET} of the {each}" in plain(answer.text)}
            if answer.status_code == 403 and room == "lobby":
                refused.add(door)
    reads = {door: set(person.reads) for door in DOORS} | {"/rooms/?room={room}": set()}
    if not person.has_account:
        reads["/inbox/"] = set()
    assert seen == reads
    is_barred = bool(person.banned) and not person.is_staff
    asks_to_sign_in = {"/inbox/"} if not person.has_account else set()
    assert refused == (set(DOORS) - asks_to_sign_in if is_barred else set())


@pytest.mark.parametrize("person", PEOPLE, ids=lambda person: person.who)
async def test_the_lobbys_line_brings_nobody_what_they_may_not_read(
    web: httpx.AsyncClient, opened: Open, person: Person
) -> None:
    await become(web, person)
    cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in web.cookies.jar)
    lobby = await opened("/ws/chat/", headers=[ORIGIN, HOST, (b"cookie", cookies.encode())])
    if not person.reads:
        assert (await lobby.receive_type("error"))["reason"] == "banned"
        assert await lobby.close_code() == 4403
        return
    await lobby.send(type="ping")
    await lobby.receive_type("pong")
    await Message.objects.aupdate(body=Concat("body", Value(" again")))
    for room in ROOMS:  # all that is told of them comes in one frame
        hub().people.room_changed(room)
    while "again" not in str(told := await lobby.receive_type("recent")):
        pass
    assert {room for room in ROOMS if f"{SECRET} of the {room}" in str(told)} == set(person.reads)


def plain(html: str) -> str:
    return html.replace("<mark>", "").replace("</mark>", "")
