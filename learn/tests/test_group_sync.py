"""Group broadcast, synchronous: a room out of the address."""

from learn.tests.conftest import Connect


async def test_a_message_reaches_everybody_in_the_room_and_nobody_else(connected: Connect) -> None:
    one, other = await connected("group-sync/lobby/"), await connected("group-sync/lobby/")
    elsewhere = await connected("group-sync/garden/")
    await one.send_json_to({"message": "hello"})
    assert await one.receive_json_from() == await other.receive_json_from() == {"message": "hello"}
    assert await elsewhere.receive_nothing()


async def test_who_has_left_hears_no_more_and_stops_nobody(connected: Connect) -> None:
    one, other = await connected("group-sync/lobby/"), await connected("group-sync/lobby/")
    await other.disconnect()
    await one.send_json_to({"message": "still here"})
    assert await one.receive_json_from() == {"message": "still here"}


async def test_what_is_no_message_is_answered_and_ends_nothing(connected: Connect) -> None:
    socket = await connected("group-sync/lobby/")
    for frame in ("no JSON", "[1]", "{}", "[" * 5000):
        await socket.send_to(text_data=frame)
        assert "error" in await socket.receive_json_from()
