"""Everybody who talks has a name, and a new name is announced to the room.

Read first: learn/demos/group_async.py, live at /learn/group-async/, and chat_name.py.
In the product: chat/renaming/verb.py, where a name is kept, and who hears of it.
Its test: learn/exercises/ex02_test.py, by `make exercise N=2`.

- What is said comes as `{"name": "Anonymous", "message": "hello"}`.
- `{"message": "/name Ada"}` is heard by everybody in the room, also by Ada, as
  `{"message": "Anonymous is now Ada"}`, and from then on she talks as Ada.
- A name has 1 to 32 characters, blanks around it not counted. With any other only the
  one who asked hears `{"error": …}`, and keeps the old name.
"""

import json

from channels.generic.websocket import AsyncWebsocketConsumer


class ChatConsumer(AsyncWebsocketConsumer):
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
        event = {"type": "chat.message", "message": message}
        await self.channel_layer.group_send(self.room_group_name, event)

    async def chat_message(self, event):
        await self.send(text_data=json.dumps({"message": event["message"]}))
