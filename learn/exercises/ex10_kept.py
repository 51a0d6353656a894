"""Nothing is lost: what was said has a number, is kept, and is replayed.

Read first: learn/demos/databases.py, live at /learn/databases/, and group_async.py.
In the product: chat/counting.py, how a number is taken, and chat/log.py: what follows.
Its test: learn/exercises/ex10_test.py, by `make exercise N=10`.

- Each message of a room has a number, 1, 2, 3 …, is kept as a `Said`, and is sent as
  `{"number": 1, "message": "hello"}`, never before it is kept.
- A client that connects with `?after=4` gets 5, 6 … and then what comes, each once and
  in order, also when somebody speaks meanwhile. Without it: only what comes.
- A layer may lose an event. The next one that arrives brings what was lost as well.
- Another process may take the same number first. Then `acreate` raises IntegrityError,
  and the message takes the next one.
"""

import json

from channels.generic.websocket import AsyncWebsocketConsumer

from learn.models import Said  # noqa: F401 - to be used


class ChatConsumer(AsyncWebsocketConsumer):
    async def connect(self):
        self.room_name = self.scope["url_route"]["kwargs"]["room_name"]
        self.room_group_name = f"ex10.{self.room_name}"
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
