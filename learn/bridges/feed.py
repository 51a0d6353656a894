import asyncio
import json

from channels.generic.websocket import AsyncWebsocketConsumer

from learn.bridges.log import LOG, read_after, store

FEEDS = {}  # by room: those that this process follows


class Feed:
    """One room in this process. Events may come twice, late or never: the number counts."""

    def __init__(self, room, layer):
        self.room, self.last, self.members = room, len(LOG[room]), set()
        self.listening = asyncio.create_task(self.listen(layer))

    async def listen(self, layer):
        channel = await layer.new_channel()
        await layer.group_add(f"feed.{self.room}", channel)
        while True:
            self.receive(await layer.receive(channel))

    def receive(self, event):
        if event["seq"] == self.last + 1:
            self.deliver(event)
        elif event["seq"] > self.last:
            for missed in read_after(self.room, self.last):
                self.deliver(missed)

    def deliver(self, event):
        self.last = event["seq"]
        text = json.dumps(event)
        for member in tuple(self.members):
            member.push(text)


class FeedConsumer(AsyncWebsocketConsumer):
    feeds = FEEDS

    async def connect(self):
        self.room = self.scope["url_route"]["kwargs"]["room_name"]
        if self.room not in self.feeds:
            self.feeds[self.room] = Feed(self.room, self.channel_layer)
        self.feeds[self.room].members.add(self)
        await self.accept()

    async def disconnect(self, close_code):
        self.feeds[self.room].members.discard(self)

    async def receive(self, text_data=None, bytes_data=None):
        event = store(self.room, json.loads(text_data)["message"])
        await self.channel_layer.group_send(f"feed.{self.room}", event)

    def push(self, text):
        self.sending = asyncio.create_task(self.send(text_data=text))
