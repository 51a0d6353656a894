"""`MyConsumer` on `WebsocketConsumer`."""

import pytest

from learn.demos.websocket_sync import MyConsumer
from learn.tests.conftest import Connect


async def test_text_and_bytes_come_back_as_they_are(connected: Connect) -> None:
    socket = await connected("websocket-sync/")
    await socket.send_to(text_data="hello")
    assert await socket.receive_from() == "hello"
    await socket.send_to(bytes_data=bytes(range(256)))
    assert await socket.receive_from() == bytes(range(256))


async def test_what_is_for_all_reaches_everybody_in_the_group(connected: Connect) -> None:
    one, other = await connected("websocket-sync/"), await connected("websocket-sync/")
    await one.send_to(text_data="all hello")
    assert (await one.receive_from(), await other.receive_from()) == ("hello", "hello")


async def test_the_others_are_told_with_which_code_one_left(connected: Connect) -> None:
    one, other = await connected("websocket-sync/"), await connected("websocket-sync/")
    await one.disconnect(code=4001)
    assert await other.receive_from() == "[one left with 4001]"


async def test_who_leaves_is_in_no_group_any_more_when_disconnect_runs(
    connected: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    members = []

    def disconnect(self: MyConsumer, code: int) -> None:
        members.append((self.channel_name, [*self.channel_layer.groups.get("broadcast", {})]))

    monkeypatch.setattr(MyConsumer, "disconnect", disconnect)
    one, other = await connected("websocket-sync/"), await connected("websocket-sync/")
    await one.disconnect()
    left, still = members[0]
    assert left not in still
    assert len(still) == 1
    await other.disconnect()
