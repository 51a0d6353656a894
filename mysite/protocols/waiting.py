"""asyncio's queue and event, as small as one of thousands of idle connections needs them.

An asyncio.Queue takes 2.5 KB, an asyncio.Event 0.7 KB, all for those who might wait for it.
"""

import asyncio
from typing import Any


class Inbox:
    """Of asyncio.Queue what uvicorn's protocol uses. One task may wait."""

    __slots__ = ("_messages", "_waiter")

    def __init__(self) -> None:
        self._messages: list[Any] = []
        self._waiter: asyncio.Future[None] | None = None

    def empty(self) -> bool:
        return not self._messages

    def put_nowait(self, message: Any) -> None:
        self._messages.append(message)
        if self._waiter and not self._waiter.done():
            self._waiter.set_result(None)

    async def get(self) -> Any:
        while not self._messages:
            self._waiter = asyncio.get_running_loop().create_future()
            try:
                await self._waiter
            finally:
                self._waiter = None
        return self._messages.pop(0)


class Gate:
    """Of asyncio.Event what uvicorn's protocol uses, nearly always set: there is an event only while it is not."""

    __slots__ = ("_opening",)

    def __init__(self) -> None:
        self._opening: asyncio.Event | None = None

    def is_set(self) -> bool:
        return self._opening is None

    def set(self) -> None:
        if self._opening:
            self._opening.set()
            self._opening = None

    def clear(self) -> None:
        self._opening = self._opening or asyncio.Event()

    async def wait(self) -> None:
        while self._opening:
            await self._opening.wait()
