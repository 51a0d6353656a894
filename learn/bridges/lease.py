import asyncio
import time

from channels.generic.websocket import AsyncWebsocketConsumer

SECONDS = 15


class Leases:
    """Who is here: a place that runs out, unless it is taken again before."""

    def __init__(self, seconds=SECONDS, clock=time.time):
        self.seconds, self.clock = seconds, clock
        self.until = {}  # by name; in the product a place that all processes can see

    def renew(self, name):
        self.until[name] = self.clock() + self.seconds

    def give_back(self, name):
        self.until.pop(name, None)

    def here(self):
        now = self.clock()
        return {name for name, until in self.until.items() if until > now}


class LeaseConsumer(AsyncWebsocketConsumer):
    leases = Leases()
    renewing = None

    async def __call__(self, scope, receive, send):
        try:
            await super().__call__(scope, receive, send)
        finally:  # else a consumer that has failed would be here for ever
            if self.renewing:
                self.renewing.cancel()

    async def connect(self):
        self.name = self.scope["query_string"].decode()
        self.renewing = asyncio.create_task(self.renew())
        await self.accept()

    async def renew(self):
        while True:
            self.leases.renew(self.name)
            await asyncio.sleep(self.leases.seconds / 3)

    async def disconnect(self, close_code):
        self.leases.give_back(self.name)

    async def receive(self, text_data=None, bytes_data=None):
        await self.send(text_data=", ".join(sorted(self.leases.here())))
