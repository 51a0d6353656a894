import pytest

SECRET = {"name": "Ada", "message": "a secret", "private": True}


@pytest.fixture
def enters(exercise, connected):
    async def enters(name, room="lobby"):
        return await connected(exercise.ChatConsumer, f"/{room}/?name={name}")

    return enters


async def next_is_public(who, speaker, text):
    """Had anything come before it, this would find that instead."""
    await speaker.says(text)
    heard = await who.hears()
    assert heard.get("message") == text, "the private message is not for this one"


async def test_bob_hears_it_and_nobody_else(enters):
    ada, bob, carol = await enters("Ada"), await enters("Bob"), await enters("Carol")
    await ada.says("/to Bob a secret")
    assert await bob.hears() == SECRET
    await next_is_public(carol, ada, "hello, all")
    assert (await ada.hears()).get("message") == "hello, all", "Ada knows what she said"


async def test_all_connections_of_bob_hear_it(enters):
    ada, bob, bobs_phone = await enters("Ada"), await enters("Bob"), await enters("Bob")
    await ada.says("/to Bob a secret")
    for socket in (bob, bobs_phone):
        assert await socket.hears() == SECRET, "Bob may be connected more than once"
    await bob.disconnect()
    await ada.says("/to Bob a secret")
    assert await bobs_phone.hears() == SECRET, "Bob is still here, on the phone"


async def test_a_name_that_nobody_has_is_an_error(enters):
    ada, bob = await enters("Ada"), await enters("Bob")
    await ada.says("/to Zoe a secret")
    assert "error" in await ada.hears(), "there is no Zoe"
    await next_is_public(bob, ada, "hello, all")


async def test_in_another_room_nobody_hears_it(enters):
    ada, bob = await enters("Ada"), await enters("Bob", "garden")
    await ada.says("/to Bob a secret")
    assert "error" in await ada.hears(), "Bob is in the garden, Ada in the lobby"
    await next_is_public(bob, bob, "alone?")


@pytest.mark.parametrize("way", ["disconnect", "crash"])
async def test_somebody_who_has_left_cannot_be_reached(enters, way):
    ada, bob = await enters("Ada"), await enters("Bob")
    await getattr(bob, way)()
    await ada.says("/to Bob a secret")
    assert "error" in await ada.hears(), f"Bob has gone, by a {way}"


@pytest.mark.parametrize("text", ["/to", "/to Bob", "/to Bob  "])
async def test_a_command_without_a_text_is_an_error(enters, text):
    ada, bob = await enters("Ada"), await enters("Bob")
    await ada.says(text)
    assert "error" in await ada.hears(), f"{text!r} says nothing to anybody"
    await next_is_public(bob, ada, "hello, all")
