"""The room of the last step: the product's consumer over a log in memory, a room for each visit of the page.

So it adds nothing to the product's tables, and nobody meets what others have left there. With several server processes
each has its own.
"""

import asyncio
from collections.abc import Collection
from weakref import WeakKeyDictionary

from channels.layers import InMemoryChannelLayer

from accounts.sessions import Look, Ticket
from chat import protocol
from chat.consumers import ChatConsumer
from chat.hub import Hub
from chat.layer import Layer
from chat.protocol import Refused
from learn.memory import MemoryLog

ROOMS_MAX, MESSAGES_MAX = 200, 100
POLL_SECONDS = 5.0

_hubs: WeakKeyDictionary[asyncio.AbstractEventLoop, Hub] = WeakKeyDictionary()


async def nothing_new(tickets: Collection[Ticket]) -> Look:
    return Look()


def classroom_hub() -> Hub:
    """The hub of the running event loop, with a layer that reaches nobody else."""
    loop = asyncio.get_running_loop()
    if loop not in _hubs:
        log = MemoryLog(rooms_max=ROOMS_MAX, messages_max=MESSAGES_MAX).as_log()
        layer = Layer(InMemoryChannelLayer(), reaches_others=False)
        _hubs[loop] = Hub(layer=layer, log=log, look=nothing_new, poll_seconds=POLL_SECONDS)
    return _hubs[loop]


class RoomConsumer(ChatConsumer):
    """`ChatConsumer`, but for its hub. Commands and the frames of features would reach the product's tables."""

    hub = staticmethod(classroom_hub)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        if text_data is not None and not _is_understood(text_data):
            await self.send_event(protocol.bad_frame("Here only messages without a command are understood.").event())
            return
        await super().receive(text_data, bytes_data)


def _is_understood(text: str) -> bool:
    try:
        frame = protocol.parse(text)
    except Refused:
        return True  # the consumer itself says what is wrong with it
    is_command = str(frame.get("message", "")).lstrip().startswith("/")
    return frame.get("type", "message") in ("message", "ping") and not is_command
