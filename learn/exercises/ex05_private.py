"""`/to Bob hello` is heard by Bob alone.

Read first: learn/demos/layers.py, live at /learn/layers/.
In the product: chat/people.py, `whisper_to`: to everybody who is connected under an id.
Its test: learn/exercises/ex05_test.py, by `make exercise N=5`.

- `{"message": "/to Bob hello"}` from Ada is heard as `{"name": "Ada", "message":
  "hello", "private": true}` by all connections of Bob in that room, and by nobody else.
- When nobody of that name is in the room, or no longer, Ada hears `{"error": …}`, as
  she does after `/to` or `/to Bob` without a text.

A name is a part of the address here, `?name=Ada`, and has no blanks.
"""

from urllib.parse import parse_qs

from channels.generic.websocket import AsyncJsonWebsocketConsumer


class ChatConsumer(AsyncJsonWebsocketConsumer):
    async def connect(self):
        query = parse_qs(self.scope["query_string"].decode())
        self.name = query.get("name", ["Anonymous"])[0]
        self.room_name = self.scope["url_route"]["kwargs"]["room_name"]
        self.room_group_name = f"ex05.{self.room_name}"
        await self.channel_layer.group_add(self.room_group_name, self.channel_name)
        await self.accept()

    async def disconnect(self, close_code):
        await self.channel_layer.group_discard(self.room_group_name, self.channel_name)

    async def receive_json(self, content):
        said = {"name": self.name, "message": str(content["message"])}
        event = {"type": "chat.message", "content": said}
        await self.channel_layer.group_send(self.room_group_name, event)

    async def chat_message(self, event):
        await self.send_json(event["content"])
