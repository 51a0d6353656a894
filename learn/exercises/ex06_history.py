"""A newcomer gets the last ten messages first.

Read first: learn/demos/group_async.py, live at /learn/group-async/.
In the product: chat/pages.py, `before`: a page of history, out of the database.
Its test: learn/exercises/ex06_test.py, by `make exercise N=6`.

- After joining, the last ten messages of the room come, the oldest first, as they were
  sent: `{"message": "hello"}`. Then comes what is said from now on, also while they
  are on their way.
- Each comes once, however many were in the room when it was said.
- They are kept in memory, and no more than ten for each room.
"""

import json

from channels.generic.websocket import AsyncWebsocketConsumer


class ChatConsumer(AsyncWebsocketConsumer):
    async def connect(self):
        self.room_name = self.scope["url_route"]["kwargs"]["room_name"]
        self.room_group_name = f"ex06.{self.room_name}"
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
        event = {"type": "chat.message", "message": message}
        await self.channel_layer.group_send(self.room_group_name, event)

    async def chat_message(self, event):
        await self.send(text_data=json.dumps({"message": event["message"]}))
