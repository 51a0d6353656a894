"""A channel layer sends to a channel whose name one knows: here a dictionary knows it.

It is this process's own. With several, a group for each name would do, but nobody could
say whether it has any members.
"""

from collections import defaultdict
from urllib.parse import parse_qs

from channels.generic.websocket import AsyncJsonWebsocketConsumer


class ChatConsumer(AsyncJsonWebsocketConsumer):
    here = defaultdict(set)  # (room, name): channels
    me = None

    async def __call__(self, scope, receive, send):
        try:
            await super().__call__(scope, receive, send)
        finally:  # also after an exception: a channel that nobody reads takes it all
            if self.me:
                self.here[self.me].discard(self.channel_name)
                if not self.here[self.me]:
                    del self.here[self.me]

    async def connect(self):
        query = parse_qs(self.scope["query_string"].decode())
        self.name = query.get("name", ["Anonymous"])[0]
        self.room_name = self.scope["url_route"]["kwargs"]["room_name"]
        self.room_group_name = f"ex05.{self.room_name}"
        self.me = (self.room_name, self.name)
        self.here[self.me].add(self.channel_name)
        await self.channel_layer.group_add(self.room_group_name, self.channel_name)
        await self.accept()

    async def disconnect(self, close_code):
        await self.channel_layer.group_discard(self.room_group_name, self.channel_name)

    async def receive_json(self, content):
        said = {"name": self.name, "message": str(content["message"])}
        word, _, rest = said["message"].partition(" ")
        if word == "/to":
            name, _, text = rest.strip().partition(" ")
            await self.send_to(name, text.strip())
            return
        event = {"type": "chat.message", "content": said}
        await self.channel_layer.group_send(self.room_group_name, event)

    async def send_to(self, name, text):
        channels = self.here.get((self.room_name, name))
        if not channels or not text:
            await self.send_json({"error": f"Nobody called {name!r}, or nothing said."})
            return
        said = {"name": self.name, "message": text, "private": True}
        event = {"type": "chat.message", "content": said}
        for channel in tuple(channels):  # somebody may come or go meanwhile
            await self.channel_layer.send(channel, event)

    async def chat_message(self, event):
        await self.send_json(event["content"])
