"""`ChatConsumer` with `/name`."""

from learn.tests.conftest import Connect


async def test_a_name_once_set_is_remembered(connected: Connect) -> None:
    socket = await connected("chat-name/")
    assert await socket.receive_from() == "[Welcome Anonymous!]"
    await socket.send_to(text_data="hello")
    assert await socket.receive_from() == "Anonymous: hello"
    await socket.send_to(text_data="/name Ada")
    assert await socket.receive_from() == "[set your username to Ada]"
    await socket.send_to(text_data="hello")
    assert await socket.receive_from() == "Ada: hello"


async def test_each_connection_has_a_name_of_its_own(connected: Connect) -> None:
    one, other = await connected("chat-name/"), await connected("chat-name/")
    await one.receive_from()
    await other.receive_from()
    await one.send_to(text_data="/name Ada")
    await one.receive_from()
    await other.send_to(text_data="hello")
    assert await other.receive_from() == "Anonymous: hello"
