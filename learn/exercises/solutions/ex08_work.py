"""A consumer handles one event at a time, so a handler must not await slow work.

Keep the task that you make: its failure has to be seen, and it has to be ended.
"""

import asyncio

from channels.generic.websocket import AsyncWebsocketConsumer

STEPS = 3


async def step(number):
    await asyncio.sleep(1)


class WorkConsumer(AsyncWebsocketConsumer):
    working = None

    async def __call__(self, scope, receive, send):
        try:
            await super().__call__(scope, receive, send)
        finally:  # after an exception too, when disconnect() is not called
            if self.working:
                self.working.cancel()

    async def receive(self, text_data=None, bytes_data=None):
        if text_data == "work" and self.working:
            await self.send(text_data="busy")
        elif text_data == "work":
            await self.send(text_data="started")
            self.working = asyncio.create_task(self.work())
        elif text_data == "ping":
            await self.send(text_data="pong")

    async def work(self):
        try:
            for number in range(1, STEPS + 1):
                await step(number)
                await self.send(text_data=f"{number}/{STEPS}")
            outcome = "done"
        except Exception:  # an application would log it too
            outcome = "failed"
        self.working = None  # before the answer: its reader may begin again
        await self.send(text_data=outcome)
