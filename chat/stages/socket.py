"""`/ws/stages/`: how far one's own messages have come in this process. While nobody is connected nothing is watched."""

import asyncio
from contextlib import suppress
from typing import Any

from channels.generic.websocket import AsyncJsonWebsocketConsumer
from django.conf import settings
from django.db import Error as DatabaseError

from chat.handshake import visitor
from chat.hub import hub
from chat.observed.request_id import for_everyone
from chat.observed.watchers import watchers
from chat.protocol import TRY_AGAIN_LATER, Event, Refused
from chat.stages.trips import Trips

WAITING_MAX = 100  # events for a page that does not read; the next ones are lost to it


class StagesConsumer(AsyncJsonWebsocketConsumer):
    channel_layer_alias = None
    trips: Trips | None = None
    telling: asyncio.Task[None] | None = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:  # disconnect() is not called after an exception
            self.stop()

    async def connect(self) -> None:
        await self.accept()
        try:
            you = await visitor(self.scope)
        except Refused as refused:
            await self.close(refused.close_code)
            return
        except DatabaseError:
            await self.close(TRY_AGAIN_LATER)
            return
        self.events: asyncio.Queue[Event] = asyncio.Queue(WAITING_MAX)
        self.trips = Trips(you.id, self.take)
        watchers.append(self.trips.reached)
        hub().listeners.append(self.trips.fed)
        self.telling = for_everyone(self.tell())
        await self.send_json({"type": "watching"})

    def take(self, event: Event) -> None:
        with suppress(asyncio.QueueFull):
            self.events.put_nowait(event)

    async def tell(self) -> None:
        while True:
            await self.send_json(await self.events.get())

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None, **kwargs: Any) -> None:
        """Nothing is said here."""

    def stop(self) -> None:
        if self.trips:
            watchers.remove(self.trips.reached)
            hub().listeners.remove(self.trips.fed)
            self.trips = None
        if self.telling:
            self.telling.cancel()


STAGES = {"ws/stages/": StagesConsumer.as_asgi()} if settings.DEBUG else {}
