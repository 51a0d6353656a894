import json

from channels.generic.websocket import AsyncWebsocketConsumer


class ChatConsumer(AsyncWebsocketConsumer):
    """Part 3 of the tutorial: the same group, awaited, on the event loop itself.

    What it still lacks: nothing that was said is kept, a client that is away for a
    moment misses it, and each message is encoded once for every connection.
    """

    async def connect(self):
        # path("…/group-async/<slug:room_name>/"): a group's name is ASCII, a slug too
        self.room_name = self.scope["url_route"]["kwargs"]["room_name"]
        self.room_group_name = f"group-async.{self.room_name}"
        await self.channel_layer.group_add(self.room_group_name, self.channel_name)
        await self.accept()

    async def disconnect(self, close_code):
        await self.channel_layer.group_discard(self.room_group_name, self.channel_name)

    async def receive(self, text_data=None, bytes_data=None):
        try:
            message = str(json.loads(text_data)["message"])
            message.encode()  # a lone "\ud800" is JSON, but no text
        except (ValueError, KeyError, TypeError, RecursionError):
            await self.send(text_data=json.dumps({"error": 'Send {"message": "…"}'}))
            return
        # The type names the method that receives it, a dot for the underscore.
        event = {"type": "chat.message", "message": message}
        await self.channel_layer.group_send(self.room_group_name, event)

    async def chat_message(self, event):
        await self.send(text_data=json.dumps({"message": event["message"]}))
