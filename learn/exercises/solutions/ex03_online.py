"""Whatever ends the consumer goes through the `finally` in `__call__`, once.

A kill of the process does not, but then the count is gone too. Several processes would
each write into the database, or Redis, whom they see, with a time after which it is
not believed any more.
"""

import json
from collections import Counter

from channels.generic.websocket import AsyncWebsocketConsumer


class ChatConsumer(AsyncWebsocketConsumer):
    online = Counter()  # by group, for all connections of this process
    room_group_name = None

    async def __call__(self, scope, receive, send):
        try:
            await super().__call__(scope, receive, send)
        finally:
            if self.room_group_name:
                await self.leave()

    async def connect(self):
        self.room_name = self.scope["url_route"]["kwargs"]["room_name"]
        self.room_group_name = f"ex03.{self.room_name}"
        self.online[self.room_group_name] += 1
        await self.channel_layer.group_add(self.room_group_name, self.channel_name)
        await self.accept()
        await self.tell_how_many()

    async def leave(self):
        self.online[self.room_group_name] -= 1
        if not self.online[self.room_group_name]:
            del self.online[self.room_group_name]  # else every room would stay for ever
        await self.channel_layer.group_discard(self.room_group_name, self.channel_name)
        await self.tell_how_many()

    async def tell_how_many(self):
        event = {"type": "chat.online", "online": self.online[self.room_group_name]}
        await self.channel_layer.group_send(self.room_group_name, event)

    async def chat_online(self, event):
        await self.send(text_data=json.dumps({"online": event["online"]}))

    async def receive(self, text_data=None, bytes_data=None):
        message = json.loads(text_data)["message"]  # may raise: then this is the end
        event = {"type": "chat.message", "message": message}
        await self.channel_layer.group_send(self.room_group_name, event)

    async def chat_message(self, event):
        await self.send(text_data=json.dumps({"message": event["message"]}))
