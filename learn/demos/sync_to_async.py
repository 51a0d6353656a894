import asyncio
import time

from asgiref.sync import sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer


def slow():
    """What blocks: a file, a computation, a library that knows nothing of asyncio."""
    time.sleep(0.5)


async def slow_on_the_loop():
    slow()


class SyncToAsyncConsumer(AsyncWebsocketConsumer):
    """A blocking function in a thread leaves the event loop free; called as it is, it
    freezes everybody.

    While it runs, a clock ticks 20 times a second on the same loop. Frozen is not this
    server's loop but one made for the purpose, in a thread: the demo must not be what
    it warns of.
    """

    async def connect(self):
        await self.accept()

    async def receive(self, text_data=None, bytes_data=None):
        if text_data == "thread":
            ticks = await ticks_during(sync_to_async(slow, thread_sensitive=False))
        else:
            in_a_loop_of_its_own = sync_to_async(asyncio.run, thread_sensitive=False)
            ticks = await in_a_loop_of_its_own(ticks_during(slow_on_the_loop))
        await self.send(
            text_data=f"{text_data}: the clock ticked {ticks} times in half a second"
        )


async def ticks_during(work):
    ticks = 0

    async def clock():
        nonlocal ticks
        while True:
            await asyncio.sleep(0.05)
            ticks += 1

    ticking = asyncio.create_task(clock())
    await asyncio.sleep(0)  # the clock starts
    await work()
    ticking.cancel()
    return ticks
