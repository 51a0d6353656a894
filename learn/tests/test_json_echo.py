"""Part 2 of the tutorial."""

from learn.tests.conftest import Connect


async def test_a_message_comes_back_to_whoever_sent_it_and_to_nobody_else(connected: Connect) -> None:
    one, other = await connected("json-echo/"), await connected("json-echo/")
    await one.send_json_to({"message": "hello"})
    assert await one.receive_json_from() == {"message": "hello"}
    assert await other.receive_nothing()


async def test_what_is_no_message_is_answered_and_ends_nothing(connected: Connect) -> None:
    socket = await connected("json-echo/")
    for frame in ("no JSON", "[1]", "{}", "[" * 5000):
        await socket.send_to(text_data=frame)
        assert "error" in await socket.receive_json_from()
    await socket.send_to(bytes_data=b"{}")
    assert "error" in await socket.receive_json_from()
