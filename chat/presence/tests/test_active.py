"""Who is active, and who is away since when: by what they do in the room, and by what their pages say."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import AsyncClient

from chat.identity import stranger
from chat.presence import companion
from chat.presence.active import Active
from chat.presence.person import Person, together
from chat.presence.tests.test_presence import guest, poll, you
from chat.protocol import Refused
from conftest import Open, Socket

AWAY_AFTER = 0.8


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    times = {"GRACE_SECONDS": 0.3, "LOOK_EVERY": 0.2, "TELL_EVERY": 0.05, "ACTIVE_SECONDS": AWAY_AFTER}
    for name, seconds in times.items():
        monkeypatch.setattr(companion, name, seconds)


async def told(socket: Socket, id: str) -> dict[str, Any]:
    """What is said next of this person."""
    while True:
        event = await socket.receive_type("presence")
        for person in [*event.get("online", ()), *event.get("joined", ())]:
            if person["id"] == id:
                return dict(person)


async def test_without_input_one_is_away_since_the_last_and_a_message_makes_one_active_again(opened: Open) -> None:
    ada, bob = await opened(), await opened()
    person = await you(bob)
    assert await told(ada, person["id"]) == person, "who comes is active"
    away = await told(ada, person["id"])
    since = datetime.fromisoformat(away.pop("away"))
    assert away == person
    assert timedelta(0) <= datetime.now(UTC) - since <= timedelta(seconds=AWAY_AFTER + 5)
    await bob.say("back again")
    assert await told(ada, person["id"]) == person


async def test_a_page_says_that_there_was_input_and_nobody_hears_of_it_while_one_is_active(
    opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(companion, "ACTIVE_SECONDS", 60)
    ada, bob = await opened(), await opened()
    person = await you(bob)
    assert await told(ada, person["id"]) == person
    for ago in (0, 0, 20):
        await bob.send(type="active", ago=ago)
    assert await ada.raw.receive_nothing(timeout=0.5)
    await bob.send(type="active")
    assert await ada.raw.receive_nothing(timeout=0.5)


async def test_who_comes_and_says_that_the_last_input_is_long_ago_is_away(
    opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(companion, "ACTIVE_SECONDS", 60)
    ada, bob = await opened(), await opened()
    person = await you(bob)
    assert await told(ada, person["id"]) == person
    await bob.send(type="active", ago=300)
    assert "away" in await told(ada, person["id"])
    await bob.send(type="active", ago=400)  # another tab, in which it is even longer ago
    assert await ada.raw.receive_nothing(timeout=0.5)
    await bob.send(type="active", ago=5)
    assert await told(ada, person["id"]) == person


async def test_who_comes_back_is_as_active_as_before(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(companion, "ACTIVE_SECONDS", 60)
    headers = await guest()
    ada, bob = await opened(), await opened(headers=headers)
    person = await you(bob)
    await told(ada, person["id"])
    await bob.send(type="active", ago=300)
    await told(ada, person["id"])
    await bob.raw.disconnect()
    await opened(headers=headers)
    assert await ada.raw.receive_nothing(timeout=0.8)


async def test_the_answer_of_a_poll_says_who_is_away(opened: Open, async_client: AsyncClient) -> None:
    ada = await opened()
    person = await you(ada)
    await told(ada, person["id"])
    assert "away" in await told(ada, person["id"])
    (presence,) = [each for each in (await poll("/chat/lobby/poll/?wait=0"))["events"] if each["type"] == "presence"]
    (found,) = [each for each in presence["online"] if each["id"] == person["id"]]
    assert "away" in found


async def test_in_a_crowd_nobody_is_away(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(companion, "NAMED_MAX", 2)
    sockets = [await opened() for _ in range(3)]
    while (await sockets[0].receive_type("presence"))["count"] != 3:
        pass
    assert await sockets[0].raw.receive_nothing(timeout=AWAY_AFTER + 0.6), "nobody would be named"


@pytest.mark.parametrize("ago", [-1, 1.5, "1", True, None, 10**9])
def test_a_time_that_makes_no_sense_is_refused(ago: Any) -> None:
    with pytest.raises(Refused):
        Active.parse("lobby", stranger(), {"ago": ago})


def test_who_is_active_in_one_place_is_active_and_else_away_since_the_later_input() -> None:
    early, late = "2026-11-30T10:00:00+00:00", "2026-11-30T10:05:00+00:00"
    cases = [("", early, ""), (early, "", ""), (early, late, late), (late, early, late), ("", "", "")]
    for other, here, expected in cases:
        people = together({"a": Person("Old", other), "b": Person("B")}, {"a": Person("Ada", here)})
        assert people == {"a": Person("Ada", expected), "b": Person("B")}
