"""`LogConsumer`."""

import pytest
from channels.testing import WebsocketCommunicator

from learn.demos import log
from learn.models import Log
from learn.tests.conftest import Connect

pytestmark = pytest.mark.django_db(transaction=True)


async def from_(connected: Connect, host: str) -> WebsocketCommunicator:
    communicator = WebsocketCommunicator(log.LogConsumer.as_asgi(), "/")
    communicator.scope["client"] = [host, 5000]
    await communicator.connect(timeout=5)
    return communicator


async def test_a_connection_is_written_down_with_its_beginning_and_its_end(connected: Connect) -> None:
    ada = await from_(connected, "203.0.113.7")
    assert (await ada.receive_from()).endswith("203.0.113.7:5000 connected")
    await ada.disconnect(code=4000)
    entries = [(entry.type, entry.host, entry.port) async for entry in Log.objects.order_by("pk")]
    assert entries == [("connected", "203.0.113.7", 5000), ("disconnected with 4000", "203.0.113.7", 5000)]


async def test_nobody_is_shown_what_others_did(connected: Connect) -> None:
    ada = await from_(connected, "203.0.113.7")
    bob = await from_(connected, "203.0.113.8")
    assert "203.0.113.8" in await bob.receive_from()
    assert await bob.receive_nothing()
    for socket in (ada, bob):
        await socket.disconnect()


async def test_old_entries_are_forgotten(connected: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log, "KEPT", 3)
    socket = await connected("log/")
    await socket.receive_from()
    for _ in range(5):
        await socket.send_to(text_data="again")
    while await Log.objects.order_by("-pk").values_list("type", flat=True).afirst() != "received":
        await socket.receive_from()
    await socket.disconnect()
    assert await Log.objects.acount() == 3
