"""A guest's name: chosen by a command or a form, kept over pages and rooms."""

from uuid import uuid4

import pytest
from django.test import Client, override_settings

from accounts.models import User
from accounts.tests.test_display_names import NAMES
from accounts.tests.test_skeletons import ADA
from chat.commands import obey, understand
from chat.hub import hub
from chat.identity import new_guest, stranger
from chat.models import Message
from chat.protocol import Refused
from chat.renaming.verb import Rename
from conftest import Open

pytestmark = pytest.mark.django_db(transaction=True)

JSON = {"headers": {"accept": "application/json"}}


def test_a_message_that_is_slash_name_is_understood_as_a_name() -> None:
    ada = stranger()
    frame = {"message": "/name Ada Lovelace", "client_id": str(uuid4())}
    assert understand("lobby", ada, frame) == Rename("lobby", ada, "Ada Lovelace")
    assert understand("lobby", ada, frame, tutorial=True) == Rename("lobby", ada, "Ada Lovelace")


async def test_slash_name_changes_the_name_and_is_no_message(opened: Open) -> None:
    ada = await opened()
    await ada.receive_type("hello")
    client_id = str(uuid4())
    await ada.send(message="/name Ada", client_id=client_id)
    assert (await ada.receive_type("hello"))["you"]["name"] == "Ada"
    assert (await ada.receive())["client_id"] == client_id
    assert (await ada.say("/name \u200b"))["type"] == "error"
    await ada.say("hello")
    assert (await Message.objects.aget()).author_name == "Ada"


def test_a_guest_keeps_a_name_over_pages_and_rooms(client: Client) -> None:
    client.get("/chat/lobby/")
    assert client.post("/chat/lobby/name/", {"name": " Ada "})["Location"] == "/chat/lobby/"
    assert 'data-name="Ada"' in client.get("/chat/den/").content.decode()
    client.post("/chat/lobby/messages/", {"message": "/name Countess"})
    client.post("/chat/lobby/messages/", {"message": "hello"})
    assert Message.objects.get().author_name == "Countess"


def test_a_name_that_is_none_is_refused(client: Client) -> None:
    answer = client.post("/chat/lobby/name/", {"name": "x" * 33}, **JSON)
    assert (answer.status_code, answer.json()["detail"]) == (400, "A name has at most 32 characters.")


@pytest.mark.parametrize(("account", "names", "are_refused"), [("Ada Lovelace", ADA, True), ("Grace", NAMES, False)])
@override_settings(CHAT_RATE_LIMIT=None)
async def test_a_guest_takes_real_names_of_all_cultures_and_no_disguise_of_an_account(
    opened: Open, account: str, names: list[str], are_refused: bool
) -> None:
    assert len(names) >= 40
    await User.objects.acreate_user(account)
    outcomes = [await obey(hub(), Rename("lobby", new_guest(), name)) for name in names]
    assert {isinstance(outcome, Refused) for outcome in outcomes} == {are_refused}


def test_the_name_of_an_account_is_not_changed_here(client: Client) -> None:
    client.force_login(User.objects.create_user("grace"))
    assert client.post("/chat/lobby/name/", {"name": "Ada"}, **JSON).status_code == 400
