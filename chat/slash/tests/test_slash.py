"""What begins with a slash is a command; what there is not is refused with a hint."""

from uuid import uuid4

import pytest

from chat import commands
from chat.hub import hub
from chat.identity import Identity
from chat.models import Room
from chat.posting import Change
from chat.protocol import Refused
from chat.replies.verb import Reply
from chat.slash.typed import SHRUG, Topic
from chat.verbs import Say
from conftest import Open

pytestmark = pytest.mark.django_db(transaction=True)


def meant(you: Identity, text: str, **fields: object) -> object:
    return commands.understand("lobby", you, {"message": text, "client_id": str(uuid4()), **fields})


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("/me waves", "*Ada waves*"),
        ("/me", "*Ada*"),
        ("/shrug", SHRUG),
        ("/shrug who knows", f"who knows {SHRUG}"),
        ("//shrug", "/shrug"),
        ("//", "/"),
        ("/etc/passwd is a file", "/etc/passwd is a file"),
        ("/ alone", "/ alone"),
        ("a /me", "a /me"),
    ],
)
def test_a_text_is_said_as_it_was_meant(ada: Identity, typed: str, said: str) -> None:
    verb = meant(ada, typed)
    assert isinstance(verb, Say)
    assert verb.text == said


def test_me_is_a_message_with_its_client_id_and_may_be_a_reply(ada: Identity) -> None:
    client_id = str(uuid4())
    verb = meant(ada, "/me nods", client_id=client_id, reply_to=3)
    assert isinstance(verb, Reply)
    assert (verb.text, str(verb.client_id), verb.reply_to) == ("*Ada nods*", client_id, 3)


def test_signs_of_markdown_in_a_name_stay_signs(ada: Identity) -> None:
    verb = meant(Identity("guest-x", "a*_b"), "/me waves")
    assert isinstance(verb, Say)
    assert verb.text == r"*a\*\_b waves*"


async def test_an_unknown_command_is_refused_and_does_not_count_as_a_bad_frame(opened: Open) -> None:
    ada = await opened()
    for _ in range(5):
        client_id = str(uuid4())
        await ada.send(message="/nonsense now", client_id=client_id)
        error = await ada.receive_type("error")
        assert (error["reason"], error["client_id"]) == ("unknown_command", client_id)
    assert (await ada.say("still here"))["seq"] == 1, "nothing was stored before"


async def test_help_answers_with_the_commands_there_are(opened: Open) -> None:
    ada = await opened()
    await ada.send(message="/help", client_id=str(uuid4()))
    error = await ada.receive_type("error")
    assert error["reason"] == "help"
    assert "/topic" in error["detail"]


async def test_a_topic_is_for_those_who_look_after_the_room(opened: Open) -> None:
    ada = await opened()
    await ada.say("hello")
    await ada.send(message="/topic tea", client_id=str(uuid4()))
    assert (await ada.receive_type("error"))["reason"] == "not_owner"


@pytest.mark.asyncio
async def test_staff_set_a_topic_and_take_it_away(opened: Open) -> None:
    await Room.objects.acreate(name="lobby", active_at="2026-01-01T00:00:00Z")
    staff = Identity("user-1", "Ada", is_staff=True)
    for topic, stored in (("  tea \n and cake ", "tea and cake"), ("", "")):
        await Topic("lobby", staff, topic).act(hub())
        assert (await Room.objects.aget(name="lobby")).topic == stored
    with pytest.raises(Refused, match="at most 200"):
        await Topic("lobby", staff, "x" * 201).act(hub())


def test_no_command_is_a_change_of_the_log_by_itself() -> None:
    assert not issubclass(Topic, Change)
