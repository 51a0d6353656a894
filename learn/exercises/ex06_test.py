async def talk(speaker, texts, *listeners):
    for text in texts:
        await speaker.says(text)
        for who in (speaker, *listeners):
            assert await who.hears() == {"message": text}, "what is said now is heard"


async def test_whoever_joins_hears_what_was_said(exercise, connected):
    ada, carol = [await connected(exercise.ChatConsumer) for _ in "ac"]
    await talk(ada, ["one", "two"], carol)
    bob = await connected(exercise.ChatConsumer)
    for text in ("one", "two"):
        heard = await bob.hears()
        assert heard == {"message": text}, "each once, the oldest first"
    await talk(ada, ["three"], bob, carol)


async def test_no_more_than_the_last_ten_are_kept(exercise, connected):
    ada = await connected(exercise.ChatConsumer)
    await talk(ada, [str(number) for number in range(1, 13)])
    bob = await connected(exercise.ChatConsumer)
    for number in range(3, 13):
        heard = await bob.hears()
        assert heard == {"message": str(number)}, "of twelve, the third to the twelfth"
    await talk(ada, ["now"], bob)


async def test_a_room_remembers_when_all_have_left(exercise, connected):
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
