"""What belongs to somebody in a room, and everybody who might touch it: refused alike whether it is there or not.

The same for sessions, passkeys and invitations: accounts/tests/test_signing_in.py.
"""

import re
from http import HTTPStatus
from typing import Any

import httpx
import pytest
from channels.db import database_sync_to_async
from django.conf import settings
from django.test import Client

from accounts.models import Guest, User
from chat.identity import Identity
from chat.models import Message
from chat.moderation import acts, bans
from chat.moderation.models import Ban, Mute, Report
from chat.tests import posted
from chat.tests.test_doors import sign_in

pytestmark = pytest.mark.django_db(transaction=True)

OPERATIONS = {
    "edit a guest's message": "/chat/lobby/messages/{guests_message}/",
    "edit a message": "/chat/lobby/messages/{message}/",
    "delete a guest's message": "/chat/lobby/messages/{guests_message}/delete/",
    "delete a message": "/chat/lobby/messages/{message}/delete/",
    "report a message": "/chat/lobby/report/{message}/",
    "handle a report": "/moderation/keep/",
    "mute its author": "/moderation/mute/",
    "take a name": "/chat/lobby/name/",
}
PEOPLE = ["another guest", "another account", "staff", "a banned guest", "a banned account"]
ALLOWED = {
    ("another guest", "report a message"),
    ("another account", "report a message"),
    *(("staff", operation) for operation in (
        "delete a guest's message", "delete a message", "report a message", "handle a report", "mute its author",
    )),
}  # fmt: skip
TABLE = [(person, operation) for person in PEOPLE for operation in OPERATIONS]


@database_sync_to_async
def things_of_others() -> dict[str, Any]:
    """What Ada, an account, and a guest have; and a report of hers by somebody."""
    ada = User.objects.create_user("Ada")
    User.objects.create_superuser("Root")
    User.objects.create_user("Gone").delete()
    said = posted.say(author=Identity(f"user-{ada.pk}", "Ada"), text="hers")
    by_guest = posted.say(author=Identity("guest-0123456789abcdef", "Gus"), text="a guest's")
    acts.report(by=Identity("guest-bob", "Bob"), room="lobby", message=said.seq, why="")
    return {
        "message": said.seq,
        "guests_message": by_guest.seq,
        "whom": f"user-{ada.pk}",
        "name": "Ada",
    }


@database_sync_to_async
def session_of(user: User) -> str:
    client = Client()
    client.force_login(user)
    return str(client.cookies[settings.SESSION_COOKIE_NAME].value)


@database_sync_to_async
def user_called(name: str) -> User:
    return User.objects.filter(username=name).first() or User.objects.create_user(name)


async def become(web: httpx.AsyncClient, person: str) -> None:
    me = (await web.get("/chat/lobby/")).text.split('data-you="')[1].split('"')[0]
    if "account" in person or person == "staff":
        user = await user_called("Root" if person == "staff" else "Mallory")
        sign_in(web, await session_of(user))
        me = f"user-{user.pk}"
    if "banned" in person:
        await Ban.objects.acreate(target=me)
        await database_sync_to_async(bans.refresh)()


@database_sync_to_async
def state() -> list[Any]:
    return [
        list(Message.objects.order_by("seq").values_list("text", "deleted_at", "author_name")),
        [Report.objects.count(), Mute.objects.count(), list(Guest.objects.values_list("name"))],
    ]


@pytest.mark.parametrize(("person", "operation"), TABLE)
async def test_what_is_anothers_is_refused_as_what_is_not_there(
    web: httpx.AsyncClient, person: str, operation: str
) -> None:
    theirs = await things_of_others()
    nobodys = dict.fromkeys(theirs, 999_999) | {"whom": "user-999999", "name": "Gone"}
    await become(web, person)
    before = await state()
    answers = []
    for things in (nobodys, theirs):
        form = {"message": "mine", "name": things["name"], "why": "", "room": "lobby", "id": things["message"]}
        path = OPERATIONS[operation].format(**things)
        answer = await web.post(path, data=form | {"whom": things["whom"]}, headers={"accept": "application/json"})
        answers.append((answer.status_code, said_by(answer)))
    if (person, operation) in ALLOWED:
        assert answers[1][0] < HTTPStatus.BAD_REQUEST
        return
    assert await state() == before
    assert answers[0] == answers[1]
    assert answers[1][0] >= HTTPStatus.BAD_REQUEST


def said_by(answer: httpx.Response) -> str:
    """All of it but what names the request."""
    text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", answer.text)
    return re.sub(r"\d+", "#", answer.headers.get("location", "") + text)
