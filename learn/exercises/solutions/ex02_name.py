"""The event carries the name: only the speaker's own consumer knows it."""

import json

from channels.generic.websocket import AsyncWebsocketConsumer

NAME_MAX = 32


class ChatConsumer(AsyncWebsocketConsumer):
    name = "Anonymous"

    async def connect(self):
        self.room_name = self.scope["url_route"]["kwargs"]["room_name"]
        self.room_group_name = f"ex02.{self.room_name}"
        await self.channel_layer.group_add(self.room_group_name, self.channel_name)
        await self.accept()

    async def disconnect(self, close_code):
        await self.channel_layer.group_discard(self.room_group_name, self.channel_name)

    async def receive(self, text_data=None, bytes_data=None):
        try:
            message = str(json.loads(text_data)["message"])
        except (ValueError, KeyError, TypeError, RecursionError):
            await self.send(text_data=json.dumps({"error": 'Send {"message": "…"}'}))
            return
        word, _, rest = message.partition(" ")
        if word == "/name":
            await self.rename(rest.strip())
        else:
            await self.tell({"name": self.name, "message": message})

    async def rename(self, name):
        if not 1 <= len(name) <= NAME_MAX:
            error = f"A name has 1 to {NAME_MAX} characters."
            await self.send(text_data=json.dumps({"error": error}))
            return
        before, self.name = self.name, name
        await self.tell({"message": f"{before} is now {name}"})

    async def tell(self, content):
        event = {"type": "chat.message", "content": content}
        await self.channel_layer.group_send(self.room_group_name, event)

    async def chat_message(self, event):
        await self.send(text_data=json.dumps(event["content"]))
