from collections import Counter

from channels.generic.websocket import AsyncWebsocketConsumer


class CounterConsumer(AsyncWebsocketConsumer):
    """What the lease replaces: a number that goes up in `connect` and down in `disconnect`."""

    here = Counter()

    async def connect(self):
        self.name = self.scope["query_string"].decode()
        self.here[self.name] += 1
        await self.accept()

    async def disconnect(self, close_code):
        self.here[self.name] -= 1

    async def receive(self, text_data=None, bytes_data=None):
        await self.send(text_data=", ".join(sorted(+self.here)))
