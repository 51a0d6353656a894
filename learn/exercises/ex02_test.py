import pytest


async def test_what_is_said_carries_the_name_of_its_speaker(exercise, connected):
    ada, bob = [await connected(exercise.ChatConsumer) for _ in "ab"]
    await ada.says("hello")
    for who in (ada, bob):
        heard = await who.hears()
        assert heard == {"name": "Anonymous", "message": "hello"}, "without a name yet"


async def test_a_new_name_is_announced_to_all(exercise, connected):
    ada, bob = [await connected(exercise.ChatConsumer) for _ in "ab"]
    await ada.says("/name Ada")
    for who in (ada, bob):
        assert await who.hears() == {"message": "Anonymous is now Ada"}
    await ada.says("/name Countess")
    for who in (ada, bob):
        heard = await who.hears()
        assert heard == {"message": "Ada is now Countess"}, "the old name is announced"


async def test_a_name_belongs_to_one_connection(exercise, connected):
    ada, bob = [await connected(exercise.ChatConsumer) for _ in "ab"]
    await ada.says("/name   Ada ")
    assert await bob.hears() == {"message": "Anonymous is now Ada"}, "without blanks"
    await ada.says("hello")
    assert await bob.hears() == {"name": "Ada", "message": "hello"}
    await bob.says("hello, Ada")
    heard = await bob.hears()
    assert heard == {"name": "Anonymous", "message": "hello, Ada"}, "Bob has set none"


@pytest.mark.parametrize("command", ["/name", "/name   ", "/name " + "x" * 33])
async def test_an_empty_or_overlong_name_is_refused(exercise, connected, command):
    ada, bob = [await connected(exercise.ChatConsumer) for _ in "ab"]
    await ada.says(command)
    assert "error" in await ada.hears(), f"{command!r} sets no name"
    await ada.says("hello")
    heard = await bob.hears()
    assert "error" not in heard, "only the one who asked hears of the error"
    assert heard == {"name": "Anonymous", "message": "hello"}, "the name is kept"
