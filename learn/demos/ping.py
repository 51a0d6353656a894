import asyncio

from channels.consumer import AsyncConsumer
from channels.exceptions import StopConsumer


class PingConsumer(AsyncConsumer):
    """Waits a second before it answers, and blocks nobody while it waits.

    Ten connections that ask at the same time are all answered after one second. On one
    connection the answers come one after the other: an instance handles one event at a
    time.
    """

    async def websocket_connect(self, message):
        await self.send({"type": "websocket.accept"})

    async def websocket_receive(self, message):
        await asyncio.sleep(1)
        await self.send({"type": "websocket.send", "text": "pong"})

    async def websocket_disconnect(self, message):
        raise StopConsumer
