import pytest


class Clock:
    now = 1000

    def __call__(self):
        return self.now


@pytest.fixture
def clock(exercise, monkeypatch):
    clock = Clock()
    monkeypatch.setattr(exercise, "clock", clock)
    return clock


async def may_speak(socket, why):
    await socket.says("hello")
    assert await socket.hears() == {"message": "hello"}, why


async def must_wait(socket, seconds):
    await socket.says("hello")
    heard = await socket.hears()
    assert "error" in heard, "more than five messages in ten seconds"
    assert heard.get("retry_after") == seconds, "seconds until one more is taken"


async def test_the_sixth_message_is_refused(exercise, connected, clock):
    ada = await connected(exercise.ChatConsumer)
    for _ in range(5):
        await may_speak(ada, "five at once are allowed")
    await must_wait(ada, 10)
    clock.now += 4
    await must_wait(ada, 6)


async def test_after_the_wait_one_may_speak_again(exercise, connected, clock):
    ada = await connected(exercise.ChatConsumer)
    for _ in range(5):
        await may_speak(ada, "five at once are allowed")
    clock.now += 9
    for _ in range(3):
        await must_wait(ada, 1)
    clock.now += 1
    for _ in range(5):
        await may_speak(ada, "ten seconds later; what was refused does not count")


async def test_any_ten_seconds_count(exercise, connected, clock):
    ada = await connected(exercise.ChatConsumer)
    for _ in range(5):  # at 0, 2, 4, 6 and 8 s
        await may_speak(ada, "five in ten seconds are allowed")
        clock.now += 2
    await may_speak(ada, "at 10 s the first one is ten seconds ago")
    await must_wait(ada, 2)
    clock.now += 2
    await may_speak(ada, "at 12 s the second one is ten seconds ago")


async def test_the_wait_is_as_long_as_it_says(exercise, connected, clock):
    """Whoever waits for as long as `retry_after` says, may speak."""
    ada = await connected(exercise.ChatConsumer)
    for _ in range(5):
        await may_speak(ada, "five at once are allowed")
    for passed in (0.4, 0.3, 8.9):  # 9.6, 9.3 and 0.4 s are left
        clock.now += passed
        await ada.says("hello")
        heard = await ada.hears()
        left = 1010 - clock.now
        assert "retry_after" in heard, "more than five messages in ten seconds"
        assert left <= heard["retry_after"] < left + 1, "no less than what is left"
    clock.now += heard["retry_after"]
    await may_speak(ada, "the seconds that were asked for are over")


async def test_each_connection_has_a_limit_of_its_own(exercise, connected, clock):
    ada, bob = [await connected(exercise.ChatConsumer) for _ in "ab"]
    for _ in range(5):
        await may_speak(ada, "five at once are allowed")
    await must_wait(ada, 10)
    await may_speak(bob, "Bob has said nothing yet")
