"""A long task runs in the background and ends with its connection.

Read first: learn/demos/ping.py, live at /learn/ping/, and closing.py.
In the product: chat/writer.py: what takes long is handed over and answered when done.
Its test: learn/exercises/ex08_test.py, by `make exercise N=8`.

- `work` is answered `started` at once, then `1/3`, `2/3`, `3/3` after each step, and
  `done`. While it runs, `ping` is answered `pong` at once.
- A second `work` meanwhile is answered `busy`. After `done` one may begin again.
- A step that raises an exception is answered with `failed`, and one may begin again.
- When the client has gone, or a handler has raised an exception, the task is cancelled.

Await `step(number)` for each step: the tests put one of theirs in its place.
"""

import asyncio

from channels.generic.websocket import AsyncWebsocketConsumer

STEPS = 3


async def step(number):
    await asyncio.sleep(1)


class WorkConsumer(AsyncWebsocketConsumer):
    async def receive(self, text_data=None, bytes_data=None):
        if text_data == "work":
            await self.send(text_data="started")
            await self.work()
        elif text_data == "ping":
            await self.send(text_data="pong")

    async def work(self):
        for number in range(1, STEPS + 1):
            await step(number)
            await self.send(text_data=f"{number}/{STEPS}")
        await self.send(text_data="done")
