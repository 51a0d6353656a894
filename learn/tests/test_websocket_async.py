"""`MyConsumer` on `AsyncWebsocketConsumer`."""

from learn.tests.conftest import Connect


async def test_text_and_bytes_come_back_as_they_are(connected: Connect) -> None:
    socket = await connected("websocket-async/")
    await socket.send_to(text_data="hello")
    assert await socket.receive_from() == "hello"
    await socket.send_to(bytes_data=bytes(range(256)))
    assert await socket.receive_from() == bytes(range(256))


async def test_what_is_for_all_reaches_everybody_in_the_group(connected: Connect) -> None:
    one, other = await connected("websocket-async/"), await connected("websocket-async/")
    await one.send_to(text_data="all hello")
    assert (await one.receive_from(), await other.receive_from()) == ("hello", "hello")


async def test_the_others_are_told_with_which_code_one_left(connected: Connect) -> None:
    one, other = await connected("websocket-async/"), await connected("websocket-async/")
    await one.disconnect(code=4001)
    assert await other.receive_from() == "[one left with 4001]"
