import asyncio
from contextlib import suppress

from learn.exercises.conftest import CONNECTING, PATIENCE, Socket


async def talk(speaker, texts, *listeners):
    for text in texts:
        await speaker.says(text)
        for who in (speaker, *listeners):
            assert await who.hears() == {"message": text}, "what is said now is heard"


async def test_a_newcomer_hears_what_was_said(exercise, connected):
    ada, carol = [await connected(exercise.ChatConsumer) for _ in "ac"]
    await talk(ada, ["one", "two"], carol)
    bob = await connected(exercise.ChatConsumer)
    for text in ("one", "two"):
        heard = await bob.hears()
        assert heard == {"message": text}, "each once, the oldest first"
    await talk(ada, ["three"], bob, carol)


async def test_what_is_said_during_the_replay_comes_once_and_after_it(
    exercise, connected, serve
):
    ada = await connected(exercise.ChatConsumer)
    await talk(ada, ["one", "two", "three"])
    sent, going_on = asyncio.Event(), asyncio.Event()
    application = serve(exercise.ChatConsumer)

    async def slowly(scope, receive, send):
        """The first of the replayed messages takes until Ada has said more."""

        async def slow_send(event):
            await send(event)
            if event["type"] == "websocket.send":
                sent.set()
                await going_on.wait()

        await application(scope, receive, slow_send)

    bob = Socket(slowly, "/lobby/")
    await bob.send_input({"type": "websocket.connect"})
    await bob.receive_output(timeout=CONNECTING)
    with suppress(TimeoutError):
        await asyncio.wait_for(sent.wait(), PATIENCE)
    await talk(ada, ["four"])
    going_on.set()
    for text in ("one", "two", "three", "four"):
        heard = await bob.hears()
        assert heard == {"message": text}, "each once, in the order of what was said"
    await talk(ada, ["five"])
    assert await bob.hears() == {"message": "five"}, "“four” came once"
    await bob.disconnect()


async def test_no_more_than_the_last_ten_are_kept(exercise, connected):
    ada = await connected(exercise.ChatConsumer)
    await talk(ada, [str(number) for number in range(1, 13)])
    bob = await connected(exercise.ChatConsumer)
    for number in range(3, 13):
        heard = await bob.hears()
        assert heard == {"message": str(number)}, "of twelve, the third to the twelfth"
    await talk(ada, ["now"], bob)


async def test_a_room_remembers_also_when_all_have_left(exercise, connected):
    ada = await connected(exercise.ChatConsumer)
    await talk(ada, ["I was here"])
    await ada.disconnect()
    bob = await connected(exercise.ChatConsumer)
    assert await bob.hears() == {"message": "I was here"}


async def test_each_room_has_a_history_of_its_own(exercise, connected):
    lobby = await connected(exercise.ChatConsumer, "/lobby/")
    garden = await connected(exercise.ChatConsumer, "/garden/")
    await talk(lobby, ["in the lobby"])
    await talk(garden, ["in the garden"])
    bob = await connected(exercise.ChatConsumer, "/garden/")
    assert await bob.hears() == {"message": "in the garden"}
    await talk(garden, ["hello, Bob"], bob)
