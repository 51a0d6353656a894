import pytest
from channels.testing import ApplicationCommunicator


@pytest.fixture
async def echo(exercise):
    """Raw events: what the server would give to the consumer, and take from it."""
    consumer = exercise.EchoConsumer.as_asgi()
    echo = ApplicationCommunicator(consumer, {"type": "websocket"})
    await echo.send_input({"type": "websocket.connect"})
    assert await echo.receive_output() == {"type": "websocket.accept"}
    yield echo
    echo.stop(exceptions=False)


async def answer(echo, **frame):
    await echo.send_input({"type": "websocket.receive", **frame})
    return await echo.receive_output()


@pytest.mark.parametrize("frame", [b"\x01\x02\x03", bytes(range(256)) * 4, b""])
async def test_a_binary_frame_comes_back_reversed(echo, frame):
    sent = await answer(echo, bytes=frame, text=None)
    assert sent["type"] == "websocket.send", f"{len(frame)} bytes are not too many"
    assert sent.get("bytes") == frame[::-1], "the same bytes, the last one first"
    assert sent.get("text") is None, "a frame is binary or text, not both"


async def test_a_text_frame_comes_back_as_it_is(echo):
    for text in ("hello", "学习, with 🙂", "x" * 2000, ""):
        sent = await answer(echo, text=text, bytes=None)
        assert sent.get("text") == text, "only binary frames are reversed, and limited"
        assert sent.get("bytes") is None, "a frame is binary or text, not both"


async def test_a_frame_that_is_too_long_ends_the_connection(echo):
    sent = await answer(echo, bytes=bytes(1025))
    assert sent["type"] == "websocket.close", "1025 bytes are one too many"
    assert sent.get("code") == 4413


async def test_frames_that_come_after_it_are_not_answered(echo):
    sent = await answer(echo, bytes=bytes(2000))
    assert sent["type"] == "websocket.close", "2000 bytes are too many"
    for late in ({"bytes": b"late"}, {"text": "late"}, {"bytes": bytes(2000)}):
        await echo.send_input({"type": "websocket.receive", **late})
    await echo.send_input({"type": "websocket.disconnect", "code": 4413})
    await echo.wait()
    late = await echo.receive_nothing()
    assert late, "after websocket.close a server takes no event any more"
