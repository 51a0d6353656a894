"""The channel layer as a wake-up call between processes. Whatever it loses, the poll of the database finds."""

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from chat.observed.request_id import for_everyone
from chat.observed.watchers import reached

logger = logging.getLogger(__name__)

TIMEOUT = 2.0  # seconds; a channel layer that is slower than this is as good as gone

Message = dict[str, Any]


class Layer:
    """Wraps a layer of Channels. `reaches_others` is False where nobody else could hear it: then nothing is sent."""

    def __init__(self, channel_layer: Any, *, reaches_others: bool = True) -> None:
        self._layer = channel_layer
        self.reaches_others = reaches_others
        self._outbound: deque[tuple[str, Message]] = deque(maxlen=1000)  # what is dropped, the others' poll finds
        self._publishing: asyncio.Task[None] | None = None

    def publish(self, group: str, message: Message) -> None:
        """For the group, in all processes. Nobody waits for it."""
        if not self.reaches_others:
            return
        self._outbound.append((group, message))
        if self._publishing is None or self._publishing.done():
            self._publishing = for_everyone(self._publish())

    async def _publish(self) -> None:
        while self._outbound:
            group, message = self._outbound.popleft()
            try:
                await asyncio.wait_for(self._layer.group_send(group, message), TIMEOUT)
                reached("published", group, message)
            except Exception as error:
                logger.warning("channel layer: %r; %s is left to the poll", error, message["type"])

    async def listen(
        self, group: str, heard: Callable[[Message], None], tried: Callable[[bool], None] = lambda is_open: None
    ) -> None:
        """Hand on what is sent to the group, for as long as this runs. `tried` hears of each success and failure."""
        while True:
            try:
                await self._listen(group, heard, tried)
            except Exception as error:
                tried(False)
                logger.warning("channel layer: %r; trying again to hear %s", error, group)
                await asyncio.sleep(TIMEOUT)

    async def _listen(self, group: str, heard: Callable[[Message], None], tried: Callable[[bool], None]) -> None:
        channel = ""
        try:
            channel = await asyncio.wait_for(self._layer.new_channel(prefix=f"{group}."), TIMEOUT)
            await asyncio.wait_for(self._layer.group_add(group, channel), TIMEOUT)
            tried(True)
            while True:
                heard(await self._layer.receive(channel))
        finally:
            with suppress(Exception):
                await asyncio.wait_for(self._layer.group_discard(group, channel), TIMEOUT)
            # channels_redis makes the queue before it subscribes: a failure leaves it behind, and it would fill.
            for name in [name for name in self._layer.channels if f"{group}." in name]:
                self._layer.channels.pop(name, None)

    def close(self) -> None:
        if self._publishing:
            self._publishing.cancel()
