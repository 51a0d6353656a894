"""Everybody in a room knows how many are online.

Read first: learn/demos/closing.py, live at /learn/closing/, and group_async.py.
In the product: chat/consumers.py, where a room is left in a `finally`.
Its test: learn/exercises/ex03_test.py, by `make exercise N=3`.

- A newcomer and all who are in the room hear `{"online": 2}`.
- When one has gone the others hear `{"online": 1}`, and the layer's group is left.
- The number is also right after an exception in a handler, and after the server has
  cancelled a consumer, even in `connect`: none of them calls `disconnect`.

Count those of this process; the tests have only one.
"""

import json

from channels.generic.websocket import AsyncWebsocketConsumer


class ChatConsumer(AsyncWebsocketConsumer):
    async def connect(self):
        self.room_name = self.scope["url_route"]["kwargs"]["room_name"]
        self.room_group_name = f"ex03.{self.room_name}"
        await self.channel_layer.group_add(self.room_group_name, self.channel_name)
        await self.accept()

    async def disconnect(self, close_code):
        await self.channel_layer.group_discard(self.room_group_name, self.channel_name)

    async def receive(self, text_data=None, bytes_data=None):
        message = json.loads(text_data)["message"]  # may raise: then this is the end
        event = {"type": "chat.message", "message": message}
        await self.channel_layer.group_send(self.room_group_name, event)

    async def chat_message(self, event):
        await self.send(text_data=json.dumps({"message": event["message"]}))
