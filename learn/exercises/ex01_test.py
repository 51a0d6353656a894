import pytest


@pytest.fixture
async def ada(exercise, connected):
    ada = await connected(exercise.ChatConsumer)
    assert await ada.hears() == "[Welcome Anonymous!]"
    return ada


async def is_called_ada(ada):
    await ada.send_to("/name Ada")
    assert await ada.hears() == "[set your username to Ada]"


async def test_what_somebody_does_is_shown_with_their_name(ada):
    await is_called_ada(ada)
    await ada.send_to("/me waves")
    assert await ada.hears() == "* Ada waves", "/me waves, from Ada"


async def test_somebody_without_a_name_can_do_it_too(ada):
    await ada.send_to("/me looks around")
    assert await ada.hears() == "* Anonymous looks around", "nobody has said /name yet"


@pytest.mark.parametrize("nothing", ["/me", "/me ", "/me    "])
async def test_doing_nothing_is_answered_with_a_question(ada, nothing):
    await ada.send_to(nothing)
    assert await ada.hears() == "[/me what?]", f"{nothing!r} says nothing to be shown"


async def test_a_longer_word_that_begins_like_it_is_ordinary_text(ada):
    await is_called_ada(ada)
    await ada.send_to("/menu")
    assert await ada.hears() == "Ada: /menu", "/menu is another word than /me"
