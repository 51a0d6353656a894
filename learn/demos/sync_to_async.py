import asyncio
import time
from concurrent.futures import ThreadPoolExecutor

from asgiref.sync import sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer

THREADS = ThreadPoolExecutor(2)


def slow():
    """What blocks: a file, a computation, a library that knows nothing of asyncio."""
    time.sleep(0.5)


async def slow_on_the_loop():
    slow()


class SyncToAsyncConsumer(AsyncWebsocketConsumer):
    """Blocking in a thread leaves the event loop free; on the loop it stops everybody.

    While it runs, a clock ticks 20 times a second on the same loop. The loop that stops
    is not this server's but one made for the demo, in a thread: other people use this
    server.
    """

    async def connect(self):
        await self.accept()

    async def receive(self, text_data=None, bytes_data=None):
        if text_data == "thread":
            ticks = await ticks_during(in_a_thread(slow))
        else:
            ticks = await in_a_thread(asyncio.run)(ticks_during(slow_on_the_loop))
        answer = f"{text_data}: the clock ticked {ticks} times in half a second"
        await self.send(text_data=answer)


def in_a_thread(function):
    # Without thread_sensitive=False all such calls take turns in one thread, which
    # the ORM wants: there a slow one makes the others wait.
    return sync_to_async(function, thread_sensitive=False, executor=THREADS)


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
