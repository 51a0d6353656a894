"""The consumer of an exercise, and sockets to it that say what a learner missed."""

import asyncio
import importlib.util
import json
import os
from contextlib import suppress

import pytest
from channels.layers import channel_layers
from channels.routing import URLRouter
from channels.testing import WebsocketCommunicator
from django.urls import path

from learn.exercises.catalog import EXERCISES

PATIENCE = float(os.environ.get("PATIENCE", "1"))  # seconds
CONNECTING = max(PATIENCE, 10)  # seconds: this always comes, if a machine is busy


@pytest.fixture
def exercise(request, transactional_db):
    """The module to be tested, as new: the exercise, its solution, or another file."""
    channel_layers.backends = {}
    module = next(e.module for e in EXERCISES if e.test.endswith(request.path.name))
    if folder := os.environ.get("EXERCISES_IN"):
        spec = importlib.util.spec_from_file_location(module, f"{folder}/{module}.py")
        loaded = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(loaded)
        return loaded
    package = "learn.exercises" + (".solutions" if os.environ.get("SOLVED") else "")
    return importlib.reload(importlib.import_module(f"{package}.{module}"))


@pytest.fixture
def serve():
    """`serve(consumer)` is an application with an address for each room."""

    def serve(consumer):
        return URLRouter([path("<slug:room_name>/", consumer.as_asgi())])

    return serve


NOTHING = f"nothing came for {PATIENCE:g} s"


async def next_event(communicator):
    """What the consumer sends next, or None if that is nothing."""
    with suppress(TimeoutError, asyncio.CancelledError):
        return await communicator.receive_output(timeout=PATIENCE)


class Socket(WebsocketCommunicator):
    async def says(self, message):
        await self.send_json_to({"message": message})

    async def hears(self):
        """What the JSON of the next frame holds, or its text; or why there is none."""
        event = await next_event(self)
        if event is None:
            return {"heard": NOTHING}
        if event["type"] == "websocket.close":
            return {"heard": f"closed with {event.get('code')}"}
        try:
            return json.loads(event["text"])
        except ValueError:
            return event["text"]

    async def crash(self):
        """An event that no consumer expects: its exception ends the connection."""
        await self.send_input({"type": "websocket.surprise"})
        with pytest.raises(ValueError, match="No handler"):
            await self.wait(PATIENCE)


@pytest.fixture
async def connected(serve):
    """Opens sockets, and ends at last those that are still open."""
    opened = []

    async def connected(consumer, path="/lobby/"):
        socket = Socket(serve(consumer), path)
        opened.append(socket)
        assert (await socket.connect(timeout=CONNECTING))[0], "The consumer refused."
        return socket

    yield connected
    for socket in opened:
        socket.future.cancel()
    await asyncio.gather(*(s.future for s in opened), return_exceptions=True)
