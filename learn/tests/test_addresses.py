"""Rooms' names that are too long, and addresses that lead nowhere."""

import pytest

from chat.protocol import UNKNOWN
from learn import routing
from learn.tests.conftest import Connect

ROOMS = ["group-sync", "group-async"]


@pytest.mark.parametrize("slug", ROOMS)
async def test_the_longest_name_of_a_room_makes_a_group(connected: Connect, slug: str) -> None:
    socket = await connected(f"{slug}/{'x' * 80}/")
    await socket.send_json_to({"message": "hello"})
    assert await socket.receive_json_from(timeout=5) == {"message": "hello"}


WRONG = [f"{slug}/{name}/" for slug in ROOMS for name in ("x" * 81, "x" * 100, "x" * 5000, "花")]
WRONG += [
    "",
    "nowhere/",
    "routing/",
    "routing/chat/",
    "routing/nowhere/",
    f"routing/chat/{'x' * 100}/",
    "room/",
    "echo/",
]


@pytest.mark.parametrize("path", WRONG)
async def test_a_wrong_address_is_answered_and_nothing_is_said_of_rooms(connected: Connect, path: str) -> None:
    socket = await connected(path, "chat.v1")
    answer = await socket.receive_json_from()
    assert answer["detail"] == routing.NO_SUCH_DEMO
    assert (await socket.receive_output())["code"] == UNKNOWN
