"""Accepting, refusing, and closing with a code."""

import asyncio

import pytest
from websockets.exceptions import ProtocolError
from websockets.frames import Close, Frame, Opcode

from learn.tests.conftest import Connect


@pytest.mark.parametrize(
    ("offered", "chosen"),
    [(["chat.v1", "chat.v2"], "chat.v2"), (["chat.v1"], "chat.v1"), (["other"], None), ([], None)],
)
async def test_the_best_of_the_subprotocols_offered_is_chosen(
    connected: Connect, offered: list[str], chosen: str | None
) -> None:
    socket = await connected("accept-refuse/", *offered)
    assert socket.subprotocol == chosen
    assert await socket.receive_from() == f"subprotocol: {chosen}"


async def test_refused_is_refused_before_it_was_accepted(connected: Connect) -> None:
    socket = await connected("accept-refuse/?refuse")
    assert not socket.accepted


async def test_a_close_carries_its_code_and_reason(connected: Connect) -> None:
    socket = await connected("accept-refuse/")
    await socket.receive_from()
    await socket.send_to(text_data="close")
    answer = await socket.receive_output()
    assert answer == {"type": "websocket.close", "code": 4123, "reason": "You asked for it."}


async def test_after_a_close_the_consumer_waits_for_the_disconnect(connected: Connect) -> None:
    socket = await connected("accept-refuse/")
    await socket.receive_from()
    await socket.send_to(text_data="close")
    assert (await socket.receive_output())["type"] == "websocket.close"
    assert not (await asyncio.wait([socket.future], timeout=0.1))[0]
    await socket.send_input({"type": "websocket.disconnect", "code": 4123})
    await socket.wait(5)


def test_a_reason_has_room_for_123_bytes() -> None:
    def close(reason: str) -> None:
        Frame(Opcode.CLOSE, Close(4123, reason).serialize()).check()

    close("x" * 123)
    with pytest.raises(ProtocolError, match="too long"):
        close("x" * 124)
