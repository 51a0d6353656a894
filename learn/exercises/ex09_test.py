import asyncio
import re

import pytest
from channels.layers import get_channel_layer
from channels.testing import HttpCommunicator

from learn.exercises.conftest import NOTHING, next_event


class EventSource(HttpCommunicator):
    """Reads events as a browser does, each as (id, data)."""

    def __init__(self, application, path, last=None):
        headers = [] if last is None else [(b"last-event-id", str(last).encode())]
        super().__init__(application, "GET", path, headers=headers)
        self.read = ""

    async def open(self):
        await self.send_input({"type": "http.request", "body": b""})
        assert (await self.receive_output())["status"] == 200
        return self

    async def event(self):
        while "\n\n" not in self.read:
            sent = await next_event(self)
            if sent is None:
                return None, NOTHING
            self.read += re.sub(r"\r\n|\r", "\n", sent["body"].decode())
        event, _, self.read = self.read.partition("\n\n")
        fields = [line.partition(": ") for line in event.split("\n")]
        data = [value for name, _, value in fields if name == "data"]
        number = next((value for name, _, value in fields if name == "id"), None)
        return number, "\n".join(data)


@pytest.fixture
async def room(exercise, serve):
    application = serve(exercise.ServerSentEventsConsumer)
    opened = []

    class Room:
        async def listens(self, last=None, path="/lobby/"):
            source = EventSource(application, path, last)
            opened.append(source)
            return await source.open()

        async def says(self, *texts, path="/lobby/"):
            for text in texts:
                post = HttpCommunicator(application, "POST", path, text.encode())
                assert (await post.get_response())["status"] == 204

    yield Room()
    for source in opened:
        source.future.cancel()
    await asyncio.gather(*(s.future for s in opened), return_exceptions=True)


async def test_each_event_has_the_number_of_its_message(room):
    ada, bob = await room.listens(), await room.listens()
    await room.says("one", "two")
    for who in (ada, bob):
        assert await who.event() == ("1", "one"), "the same number for all who listen"
        assert await who.event() == ("2", "two")


async def test_each_room_counts_for_itself(room):
    await room.says("in the lobby", path="/lobby/")
    garden = await room.listens(path="/garden/")
    await room.says("in the garden", path="/garden/")
    assert await garden.event() == ("1", "in the garden")


async def test_who_comes_back_gets_what_was_missed_and_then_what_comes(room):
    await room.says("one", "two", "three")
    ada = await room.listens(last=1)
    await room.says("four")
    heard = [await ada.event() for _ in range(3)]
    assert heard == [("2", "two"), ("3", "three"), ("4", "four")], "1 was seen"


async def test_who_saw_nothing_can_ask_for_all(room):
    await room.says("one", "two")
    ada = await room.listens(last=0)
    assert await ada.event() == ("1", "one"), "all after 0"
    assert await ada.event() == ("2", "two")


async def test_no_more_than_a_hundred_are_kept(room):
    await room.says(*(str(number) for number in range(1, 106)))
    ada = await room.listens(last=2)
    assert await ada.event() == ("6", "6"), "of 105 messages, the last hundred"


@pytest.mark.parametrize("last", [None, "", "nonsense", "-1", 99])
async def test_without_a_known_number_only_new_messages_come(room, last):
    await room.says("before")
    ada = await room.listens(last=last)
    await room.says("now")
    heard = await ada.event()
    assert heard == ("2", "now"), f"with Last-Event-ID: {last}, only what comes"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
async def test_a_message_of_several_lines_is_one_event(room, end):
    ada = await room.listens()
    lines = ["hello", "", "id: 7", "data: forged", "", ""]
    await room.says(end.join(lines), "next")
    heard = await ada.event()
    assert heard == ("1", "\n".join(lines)), "each line is a `data: ` line of its own"
    assert await ada.event() == ("2", "next")


async def test_who_has_gone_is_forgotten(room):
    ada = await room.listens()
    assert get_channel_layer().groups, "a listener is in the room's group"
    await ada.send_input({"type": "http.disconnect"})
    await ada.wait()
    assert not get_channel_layer().groups, "Ada's channel is still in the group"
