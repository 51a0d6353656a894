"""What is unread to a guest is counted from where the question says, and only where the guest may read."""

from typing import Any

import pytest
from django.test import Client

from chat.identity import Identity
from chat.models import CLOSED, OPEN, Room
from chat.tests import posted
from chat.unread.guests import counted

pytestmark = pytest.mark.django_db(transaction=True)


def unread(**markers: Any) -> dict[str, int]:
    answer = Client().get("/rooms/unread/", markers)
    assert answer.status_code == 200
    return {each["room"]: each["unread"] for each in answer.json()["rooms"]}


@pytest.fixture
def rooms(ada: Identity, bob: Identity) -> None:
    for room in ("hall", "den"):
        for text in ("one", "two", "three"):
            posted.say(author=ada, text=text, room=room)
    posted.edit(author=ada, id=1, text="other words", room="hall")
    posted.delete(author=ada, id=2, room="hall")


def test_what_others_said_after_the_marker_of_each_room_counts_and_no_edit_or_deletion(
    rooms: None, ada: Identity
) -> None:
    assert unread(hall=0, den=1) == {"hall": 2, "den": 2}
    assert unread(hall=2) == {"hall": 1}
    assert unread(hall=3, den=3) == {}
    assert counted(ada, {"hall": 0}) == []  # she said it all


@pytest.mark.parametrize("kind", [OPEN, CLOSED])
def test_of_a_room_that_a_guest_may_not_read_there_is_no_more_to_know_than_of_none(rooms: None, kind: str) -> None:
    Room.objects.filter(name="den").update(kind=kind)
    assert unread(hall=2, den=0, nowhere=0) == {"hall": 1}


def test_a_question_that_makes_no_sense_finds_nothing(rooms: None) -> None:
    assert unread() == unread(hall="x", den=-1) == unread(**{"\0": 1, "hall": 10**18}) == {}
    assert unread(**{f"room-{n}": 0 for n in range(50)}, hall=0) == {}
