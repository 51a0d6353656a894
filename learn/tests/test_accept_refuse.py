"""Accepting, refusing, and closing with a code."""

import pytest

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
