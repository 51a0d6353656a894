"""Who may repeat a `client_id`, which everybody in the room knows: its author. Nobody learns a text that is gone."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import uuid4

import httpx
import pytest
from django.conf import settings

from accounts import guests
from chat.identity import Identity, new_guest, stranger
from chat.models import Message
from chat.protocol import Refused
from chat.tests import posted
from conftest import HOST, ORIGIN, Open

pytestmark = pytest.mark.django_db(transaction=True)

SECRET, LATER = "the treasure is in the attic", "nothing to see"
GUESSES = [SECRET, LATER, "the treasure is in the cellar"]
ADA = new_guest()
ACCOUNT = Identity("user-7", "Grace")

Repeat = Callable[[str, str], Awaitable[dict[str, Any]]]


def refusal(author: Identity, text: str, client_id: Any) -> dict[str, Any]:
    with pytest.raises(Refused) as refused:
        posted.say(author=author, text=text, client_id=client_id)
    return refused.value.event()


@pytest.mark.parametrize("other", [new_guest(), stranger(), ACCOUNT], ids=["guest", "passing", "account"])
@pytest.mark.parametrize("since", ["said", "edited", "deleted"])
@pytest.mark.parametrize("author", [ADA, ACCOUNT], ids=["guest", "account"])
def test_another_gets_the_same_conflict_whatever_they_send(author: Identity, since: str, other: Identity) -> None:
    if other is author:
        other = Identity("user-8", "Mallory")
    client_id = uuid4()
    posted.say(author=author, text=SECRET, client_id=client_id)
    change(author, since)
    refusals = [refusal(other, guess, client_id) for guess in GUESSES]
    assert refusals == refusals[:1] * 3
    assert refusals[0]["code"] == "conflict"
    assert posted.say(author=author, text=SECRET, client_id=client_id).repeat


def change(author: Identity, since: str) -> None:
    if since == "edited":
        posted.edit(author=author, id=1, text=LATER)
    elif since == "deleted":
        posted.delete(author=author, id=1)


@pytest.mark.parametrize("back", [stranger(), ADA], ids=["passing", "with-a-cookie"])
def test_a_guest_without_a_cookie_comes_back_under_another_id_and_is_acknowledged(back: Identity) -> None:
    client_id = uuid4()
    first = posted.say(author=stranger(), text=SECRET, client_id=client_id)
    again = posted.say(author=back, text=SECRET, client_id=client_id)
    assert (again.seq, again.repeat) == (first.seq, True)
    assert refusal(back, "another text", client_id)["code"] == "conflict"
    assert refusal(ACCOUNT, SECRET, client_id)["code"] == "conflict"
    assert Message.objects.count() == 1


@pytest.mark.parametrize("since", ["edited", "edited back", "deleted"])
def test_but_not_once_the_text_is_another_or_gone(since: str) -> None:
    author, client_id = stranger(), uuid4()
    posted.say(author=author, text=SECRET, client_id=client_id)
    change(author, since.split()[0])
    if since == "edited back":
        posted.edit(author=author, id=1, text=SECRET)
    refusals = [refusal(stranger(), guess, client_id) for guess in GUESSES]
    assert refusals == refusals[:1] * 3
    assert refusals[0]["code"] == "conflict"


def test_the_id_of_a_guest_says_whether_they_can_come_back_under_it() -> None:
    assert not new_guest().id.startswith("guest-once-")
    assert stranger().id.startswith("guest-once-")
    assert new_guest().is_guest
    assert stranger().is_guest
    assert len(stranger().id) <= Message._meta.get_field("author_id").max_length


async def over_socket(opened: Open, cookie: str, text: str, client_id: str) -> dict[str, Any]:
    line = await opened(headers=[ORIGIN, HOST, *([(b"cookie", cookie.encode())] if cookie else [])])
    return await line.say(text, client_id)


async def over_form(web: httpx.AsyncClient, text: str, client_id: str) -> dict[str, Any]:
    said = {"message": text, "client_id": client_id}
    return (await web.post("/chat/lobby/messages/", data=said, headers={"accept": "application/json"})).json()


async def over_frames(web: httpx.AsyncClient, text: str, client_id: str) -> dict[str, Any]:
    said = {"message": text, "client_id": client_id}
    return (await web.post("/chat/lobby/frames/", json=said, headers={"accept": "application/json"})).json()


async def test_a_guest_with_a_cookie_is_the_same_over_every_door_and_another_at_none(
    opened: Open, web: httpx.AsyncClient
) -> None:
    client_id = str(uuid4())
    cookie = f"{guests.COOKIE}={web.cookies[guests.COOKIE]}"
    first = await over_socket(opened, cookie, SECRET, client_id)
    assert first["type"] == "ack"
    assert await over_socket(opened, cookie, SECRET, client_id) == first
    assert (await over_form(web, SECRET, client_id))["seq"] == first["seq"]
    assert await over_frames(web, SECRET, client_id) == first
    web.cookies.delete(guests.COOKIE)  # now another guest
    for text in GUESSES:
        answers = [
            await over_socket(opened, "", text, client_id),
            await over_form(web, text, client_id),
            await over_frames(web, text, client_id),
        ]
        assert [answer.get("code") for answer in answers] == ["conflict"] * 3
    assert await Message.objects.acount() == 1
    assert settings.CHAT_RATE_LIMIT is None  # else the last ones would be refused for their rate
