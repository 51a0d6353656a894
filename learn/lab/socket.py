"""A browser's connection to a consumer of the classroom, in this process."""

import asyncio
import json
from contextlib import suppress
from typing import Any

from learn.lab.reader import Reader


class Socket:
    """A browser and its connection to one server."""

    def __init__(self, consumer: Any, reader: Reader, query: str = "") -> None:
        self.consumer, self.reader, self.query = consumer, reader, query
        self._serving: asyncio.Task[None] | None = None

    async def connect(self) -> None:
        """Until it is accepted, or has failed."""
        self._inbox: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._inbox.put_nowait({"type": "websocket.connect"})
        self._accepted = asyncio.Event()
        route = {"kwargs": {"room_name": "lab"}}
        scope = {"type": "websocket", "url_route": route, "query_string": self.query.encode()}
        self._serving = asyncio.create_task(self.consumer.as_asgi()(scope, self._inbox.get, self._take))
        self._serving.add_done_callback(_seen)
        accepted = asyncio.create_task(self._accepted.wait())
        await asyncio.wait({self._serving, accepted}, return_when=asyncio.FIRST_COMPLETED)
        accepted.cancel()

    async def _take(self, event: dict[str, Any]) -> None:
        if event["type"] == "websocket.accept":
            self._accepted.set()
        elif event["type"] == "websocket.send":
            await self.reader.reads.wait()
            said = json.loads(event["text"])
            self.reader.hears(int(said.get("message") or said["text"]))

    @property
    def is_open(self) -> bool:
        return self._serving is not None and not self._serving.done()

    def say(self, number: int) -> None:
        self._inbox.put_nowait({"type": "websocket.receive", "text": json.dumps({"message": str(number)})})

    async def cut(self) -> None:
        """The server hears that the line has broken."""
        if self._serving:
            self._inbox.put_nowait({"type": "websocket.disconnect", "code": 1006})
            with suppress(Exception):
                await asyncio.wait_for(self._serving, 1)

    async def kill(self) -> None:
        """The process is gone: `disconnect` is not called."""
        if self._serving:
            self._serving.cancel()
            await asyncio.gather(self._serving, return_exceptions=True)


def _seen(serving: asyncio.Task[None]) -> None:
    """A consumer that fails is what is to be shown; a server would log it."""
    if not serving.cancelled():
        serving.exception()
