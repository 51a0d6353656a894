"""Emoji on a message: who may put how many, what everybody hears of it, and what a batch of them costs."""

import asyncio
import json
import re
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from accounts import guests
from chat import log
from chat.hub import hub
from chat.identity import Identity
from chat.models import Message
from chat.posting import Accepted, Change, Verdict, commit
from chat.protocol import Refused
from chat.reactions.emoji import is_emoji
from chat.reactions.verb import DIFFERENT_MAX, PRESSES_MAX, React, reactions_of
from chat.tests import posted
from chat.tests.posted import say
from chat.tests.test_markup import checked_article
from chat.verbs import Delete, Edit, Say
from conftest import Open, Socket

pytestmark = pytest.mark.django_db(transaction=True)

THUMB, HEART = "👍", "❤️"
FACES = [chr(code) for code in range(0x1F600, 0x1F600 + DIFFERENT_MAX + 1)]


def react(author: Identity, emoji: str = THUMB, *, on: bool = True, id: int = 1) -> Accepted:
    return posted.posted(React("lobby", author, id, emoji, on))


def shown() -> list[dict[str, Any]]:
    """As the message's event has them in a replay."""
    part = log.part_after("lobby", 0)
    assert part.frame
    return part.frame.events[-1].get("reactions", [])  # type: ignore[no-any-return]


def why_not(change: Change) -> Refused:
    with pytest.raises(Refused) as refused:
        posted.posted(change)
    return refused.value


def test_an_article_with_emoji_has_no_word_of_any_language(ada: Identity) -> None:
    say(author=ada, text="hello")
    react(ada)
    assert "reactions" in checked_article().attributes


def test_people_put_emoji_on_a_message_and_take_them_back(ada: Identity, bob: Identity) -> None:
    say(author=ada, text="hello")
    react(ada), react(bob), react(bob, HEART)
    assert shown() == [
        {"emoji": THUMB, "count": 2, "by": [ada.id, bob.id]},
        {"emoji": HEART, "count": 1, "by": [bob.id]},
    ]
    react(ada, on=False)
    react(bob, HEART, on=False)
    assert shown() == [{"emoji": THUMB, "count": 1, "by": [bob.id]}]
    react(bob, on=False)
    assert "reactions" not in log.part_after("lobby", 0).frame.events[-1]  # type: ignore[union-attr]


def test_a_person_counts_once_however_often_they_press(ada: Identity) -> None:
    say(author=ada, text="hello")
    first, again = react(ada), react(ada)
    assert (first.seq, first.repeat, again.seq, again.repeat) == (2, False, 2, True)
    assert shown() == [{"emoji": THUMB, "count": 1, "by": [ada.id]}]
    assert react(ada, HEART, on=False).repeat, "what is not there cannot be taken back"
    assert log.heads(["lobby"])["lobby"].seq == 2, "what changes nothing takes no number"


def test_the_21st_different_emoji_is_refused_and_those_there_can_still_be_pressed(ada: Identity, bob: Identity) -> None:
    say(author=ada, text="hello")
    commit([React("lobby", ada, 1, face, True) for face in FACES[:-1]])
    refused = why_not(React("lobby", ada, 1, FACES[-1], True))
    assert (refused.code, refused.reason) == ("forbidden", "too_many")
    assert not react(bob, FACES[0]).repeat
    react(ada, FACES[1], on=False)
    assert not react(ada, FACES[-1]).repeat, "one gave its place"


def test_the_301st_press_is_refused_whatever_it_is(ada: Identity) -> None:
    say(author=ada, text="hello")
    people = [Identity(id=f"guest-{n}", name="Many") for n in range(PRESSES_MAX)]
    verdicts, _ = commit([React("lobby", person, 1, FACES[n % 3], True) for n, person in enumerate(people)])
    assert all(isinstance(verdict, Accepted) for verdict in verdicts)
    for emoji in (FACES[0], THUMB):
        refused = why_not(React("lobby", ada, 1, emoji, True))
        assert (refused.code, refused.reason) == ("forbidden", "too_many")
    react(people[0], FACES[0], on=False)
    assert not react(ada).repeat


def test_a_reaction_and_an_edit_in_one_batch_both_survive_whichever_comes_first(ada: Identity, bob: Identity) -> None:
    say(author=ada, text="hello"), say(author=ada, text="hello")
    changes: list[Change] = [
        React("lobby", bob, 1, THUMB, True), Edit("lobby", ada, 1, "edited"),
        Edit("lobby", ada, 2, "edited"), React("lobby", bob, 2, THUMB, True),
    ]  # fmt: skip
    _, (frame,) = commit(changes)
    assert [(event["seq"], event["text"], event["reactions"][0]["by"]) for event in frame.events] == [
        (4, "edited", [bob.id]), (6, "edited", [bob.id]),
    ]  # fmt: skip
    assert all(event["edited_at"] for event in frame.events)
    assert {(each.text, *reactions_of(each)) for each in Message.objects.all()} == {("edited", THUMB)}


def test_a_reaction_alone_does_not_make_a_message_edited(ada: Identity) -> None:
    say(author=ada, text="hello")
    react(ada)
    (event,) = log.part_after("lobby", 0).frame.events  # type: ignore[union-attr]
    assert (event["id"], event["seq"], event["edited_at"]) == (1, 2, None)


def test_several_reactions_to_a_message_in_one_batch_are_one_event(ada: Identity, bob: Identity) -> None:
    said = Say("lobby", ada, "hello", uuid4())
    _, (frame,) = commit([said, *(React("lobby", person, 1, THUMB, True) for person in (ada, bob))])
    (event,) = frame.events
    assert (frame.first, frame.last, event["seq"], event["reactions"][0]["count"]) == (1, 3, 3, 2)


def test_deleting_a_message_takes_its_reactions_away_for_good(ada: Identity) -> None:
    say(author=ada, text="hello")
    react(ada)
    verdicts, (frame,) = commit([React("lobby", ada, 1, HEART, True), Delete("lobby", ada, 1),
                                 React("lobby", ada, 1, THUMB, True)])  # fmt: skip
    assert frame.events == [{"type": "deleted", "seq": 4, "id": 1}]
    assert is_no_such_message(verdicts[-1])
    assert Message.objects.get().parts == ""


def is_no_such_message(verdict: Verdict) -> bool:
    return isinstance(verdict, Refused) and (verdict.code, verdict.reason) == ("forbidden", "no_such_message")


def test_what_is_not_there_takes_no_reaction(ada: Identity) -> None:
    say(author=ada, text="hello")
    posted.delete(author=ada, id=1)
    for change in (React("lobby", ada, 1, THUMB, True), React("lobby", ada, 2, THUMB, True),
                   React("nowhere", ada, 1, THUMB, True)):  # fmt: skip
        assert is_no_such_message(why_not(change))
    assert log.heads(["lobby"])["lobby"].seq == 2


def test_reactions_do_not_throw_what_is_said_with_them_off_the_quick_path(
    ada: Identity, django_assert_max_num_queries: Any
) -> None:
    say(author=ada, text="the room is there")
    batch: list[Change] = [Say("lobby", ada, "x", uuid4()) for _ in range(50)]
    for place in range(5):
        batch.insert(place * 10, React("lobby", ada, 1, FACES[place], True))
    with django_assert_max_num_queries(6):  # begin, room, messages touched, insert, update, commit
        verdicts, _ = commit(batch)
    assert all(isinstance(verdict, Accepted) for verdict in verdicts)


NONSENSE = [
    {"id": "1"}, {"id": True}, {"id": 0}, {"id": -1}, {"id": 10**18}, {"id": 1.0}, {"id": None},
    {"emoji": ""}, {"emoji": "a"}, {"emoji": "1"}, {"emoji": ":-)"}, {"emoji": THUMB * 2}, {"emoji": "👍 "},
    {"emoji": "❤"}, {"emoji": "👁\ufe0f\u200d🗨"}, {"emoji": None}, {"emoji": 1}, {"emoji": "👍" + "\u200d👍" * 99},
    {"on": 1}, {"on": "1"}, {"on": None},
]  # fmt: skip


@pytest.mark.parametrize("wrong", NONSENSE, ids=repr)
def test_what_is_no_reaction_is_a_bad_frame(ada: Identity, wrong: dict[str, Any]) -> None:
    good = {"id": 1, "emoji": THUMB, "on": True}
    assert React.parse("lobby", ada, good)
    for frame in (good | wrong, {name: value for name, value in good.items() if name not in wrong}):
        with pytest.raises(Refused) as refused:
            React.parse("lobby", ada, frame)
        assert (refused.value.code, refused.value.bad) == ("bad_frame", True)


@pytest.mark.parametrize("emoji", ["👍🏽", "👩‍👩‍👧‍👦", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "1️⃣", "🇪🇺", "👩🏽‍❤️‍💋‍👨🏻"])
def test_emoji_of_several_characters_are_one(emoji: str) -> None:
    assert is_emoji(emoji)


# Through the application.


async def put(socket: Socket, emoji: str = THUMB, *, on: bool = True, id: int = 1) -> None:
    await socket.send(type="react", id=id, emoji=emoji, on=on)


async def test_everybody_in_the_room_hears_of_a_reaction_as_the_message_with_a_number_of_its_own(opened: Open) -> None:
    ada, bob = await opened(), await opened()
    you = (await bob.receive_type("hello"))["you"]
    await ada.say("hello")
    said = await bob.receive_type("message")
    await put(bob)
    for socket in (ada, bob):
        event = await socket.receive_type("message")
        while event["seq"] == 1:
            event = await socket.receive_type("message")
        assert f'data-by="{you["id"]}">{THUMB} 1</button>' in event["html"]
        reactions = [{"emoji": THUMB, "count": 1, "by": [you["id"]]}]
        assert event == said | {"seq": 2, "reactions": reactions, "html": event["html"]}


async def test_one_who_was_away_is_sent_the_reaction(opened: Open) -> None:
    ada = await opened()
    await ada.say("hello")
    await put(ada)
    await put(ada, HEART)
    while (await ada.receive_type("message"))["seq"] < 3:
        pass
    back = await opened("/ws/chat/lobby/?after=1")
    assert (await back.receive_type("hello"))["seq"] == 3
    event = await back.receive()
    assert (event["id"], event["seq"], [each["emoji"] for each in event["reactions"]]) == (1, 3, [THUMB, HEART])
    assert await back.is_silent()


async def test_reactions_and_edits_that_race_all_survive_live_and_for_one_who_was_cut_off(
    opened: Open, ada: Identity
) -> None:
    live = await opened()
    await live.receive_type("hello")
    await hub().writer.submit(Say("lobby", ada, "hello", uuid4()))
    people = [Identity(id=f"guest-{n}", name="Many") for n in range(40)]
    changes: list[Change] = [React("lobby", person, 1, THUMB, True) for person in people]
    for place in range(20):
        changes.insert(place * 3, Edit("lobby", ada, 1, f"edit {place}"))
    for change in changes:
        hub().writer.submit(change)
        await asyncio.sleep(0)  # some of them are on their way while others come
    cut_off = await opened("/ws/chat/lobby/?after=1")
    for socket in (live, cut_off):
        event = await socket.receive_type("message")
        while event["seq"] < 1 + len(changes):
            event = await socket.receive_type("message")
        assert (event["id"], event["text"]) == (1, "edit 19")
        assert event["reactions"] == [{"emoji": THUMB, "count": 40, "by": [each.id for each in people]}]


async def test_the_tutorials_client_hears_nothing_of_reactions(opened: Open) -> None:
    ada, bob = await opened(), await opened(subprotocols=())
    await ada.say("hello")
    assert (await bob.receive())["message"] == "hello"
    await put(ada)
    while (await ada.receive_type("message"))["seq"] < 2:
        pass
    assert await bob.is_silent()
    late = await opened("/ws/chat/lobby/?after=1", subprotocols=())
    assert await late.is_silent()


async def test_a_refused_reaction_says_why_and_wrong_ones_count_towards_4400(opened: Open) -> None:
    ada = await opened()
    await put(ada)
    assert (await ada.receive_type("error"))["reason"] == "no_such_message"
    for _ in range(3):
        await put(ada, "a")
        assert (await ada.receive_type("error"))["code"] == "bad_frame"
    assert await ada.close_code() == 4400


@pytest.fixture
def guest(client: Client) -> Client:
    client.get("/chat/lobby/")
    client.post("/chat/lobby/messages/", {"message": "hello"})
    return client


def test_a_program_reacts_by_post_and_gets_the_event(guest: Client) -> None:
    def post(on: str, **fields: str) -> Any:
        form = {"emoji": THUMB, "on": on} | fields
        return guest.post("/chat/lobby/messages/1/reactions/", form, headers={"accept": "application/json"})

    key = guests.key_of({guests.COOKIE: guest.cookies[guests.COOKIE].value})
    assert key
    first, repeat = post("1"), post("1")
    assert first.status_code == repeat.status_code == 200
    assert first.json()["reactions"] == [{"emoji": THUMB, "count": 1, "by": [f"guest-{key.hex[:16]}"]}]
    assert repeat.json()["seq"] == 2
    assert "reactions" not in post("0").json()
    for wrong in ({"on": "yes"}, {"emoji": "a"}, {"emoji": ""}):
        answer = post(**({"on": "1"} | wrong))
        assert (answer.status_code, answer.json()["code"]) == (400, "bad_frame")


@pytest.mark.parametrize("number", ["2", "9" * 18])
def test_a_number_that_no_message_has_is_refused(guest: Client, number: str) -> None:
    assert guest.post(f"/chat/lobby/messages/{number}/reactions/", {"emoji": THUMB, "on": "1"}).status_code == 403


def test_a_plain_form_reacts_and_returns_to_the_room(guest: Client) -> None:
    answer = guest.post("/chat/lobby/messages/1/reactions/", {"emoji": THUMB, "on": "1"})
    assert (answer.status_code, answer["Location"]) == (302, "/chat/lobby/")
    assert json.loads(Message.objects.get().parts)["reactions"][0]["emoji"] == THUMB
    assert guest.get("/chat/lobby/messages/1/reactions/").status_code == 405
    assert re.search("no such message", guest.post("/chat/lobby/messages/9/reactions/", {"emoji": THUMB, "on": "1"})
                     .content.decode())  # fmt: skip
