import asyncio

from channels.generic.websocket import AsyncWebsocketConsumer


class ClockConsumer(AsyncWebsocketConsumer):
    ticking = set()  # for show: tasks of all connections

    async def connect(self):
        await self.accept()
        self.task = asyncio.create_task(self.tick())
        self.ticking.add(self.task)

    async def receive(self, text_data=None, bytes_data=None):
        await self.send(text_data=f"tasks running: {len(self.ticking)}")

    async def tick(self):
        while True:
            await asyncio.sleep(1)
