"""Kept where a message comes in, once; in `chat_message` each consumer would keep it.

With a layer between processes a message could come twice, or not at all, to one who is
just joining. Numbers heal that: exercise 10.
"""

import json
from collections import defaultdict, deque
from functools import partial

from channels.generic.websocket import AsyncWebsocketConsumer

KEPT = 10


class ChatConsumer(AsyncWebsocketConsumer):
    history = defaultdict(partial(deque, maxlen=KEPT))  # by room

    async def connect(self):
        self.room_name = self.scope["url_route"]["kwargs"]["room_name"]
        self.room_group_name = f"ex06.{self.room_name}"
        await self.channel_layer.group_add(self.room_group_name, self.channel_name)
        # A copy, at once: what is said while it is sent comes by the group.
        before = list(self.history.get(self.room_name, ()))
        await self.accept()
        for message in before:
            await self.chat_message({"message": message})

    async def disconnect(self, close_code):
        await self.channel_layer.group_discard(self.room_group_name, self.channel_name)

    async def receive(self, text_data=None, bytes_data=None):
        try:
            message = str(json.loads(text_data)["message"])
        except (ValueError, KeyError, TypeError, RecursionError):
            await self.send(text_data=json.dumps({"error": 'Send {"message": "…"}'}))
            return
        self.history[self.room_name].append(message)
        event = {"type": "chat.message", "message": message}
        await self.channel_layer.group_send(self.room_group_name, event)

    async def chat_message(self, event):
        await self.send(text_data=json.dumps({"message": event["message"]}))
