"""`JsonWebsocketConsumer` and its asynchronous twin."""

import pytest
from channels.generic.websocket import JsonWebsocketConsumer
from channels.testing import WebsocketCommunicator
from django.utils import timezone

from learn.tests.conftest import Connect


@pytest.mark.parametrize("path", ["json/", "json/async/"])
class TestJson:
    async def test_objects_go_in_and_out_and_times_are_encoded(self, connected: Connect, path: str) -> None:
        socket = await connected(path)
        await socket.send_json_to({"message": "学习"})
        answer = await socket.receive_json_from()
        assert answer["received"] == {"message": "学习"}
        assert answer["type"] == "dict"
        assert answer["at"].endswith("Z")

    @pytest.mark.parametrize("frame", ["{nonsense", "[NaN]", "[" * 10_000])
    async def test_what_is_no_json_is_answered_and_ends_nothing(
        self, connected: Connect, path: str, frame: str
    ) -> None:
        socket = await connected(path)
        await socket.send_to(text_data=frame)
        assert "error" in await socket.receive_json_from()
        await socket.send_json_to(1)
        assert (await socket.receive_json_from())["received"] == 1

    async def test_a_binary_frame_is_answered_too(self, connected: Connect, path: str) -> None:
        socket = await connected(path)
        await socket.send_to(bytes_data=b"1")
        assert "error" in await socket.receive_json_from()


async def test_an_empty_frame_has_no_text_section(connected: Connect) -> None:
    socket = await connected("json/")
    await socket.send_input({"type": "websocket.receive", "text": ""})
    assert (await socket.receive_json_from())["error"].startswith("No text section")


async def test_without_an_encoder_of_its_own_a_time_ends_the_connection() -> None:
    class Plain(JsonWebsocketConsumer):  # type: ignore[misc]
        def receive_json(self, content: object) -> None:
            self.send_json({"at": timezone.now()})

    socket = WebsocketCommunicator(Plain.as_asgi(), "/")
    await socket.connect(timeout=5)
    await socket.send_json_to(1)
    with pytest.raises(TypeError, match="not JSON serializable"):
        await socket.wait(5)
