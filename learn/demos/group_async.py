import json

from channels.generic.websocket import AsyncWebsocketConsumer


class ChatConsumer(AsyncWebsocketConsumer):
    """A group: what one says, everybody hears in the room that the address names.

    What it still lacks: nothing that was said is kept, a client that is away for a
    moment misses it, and each message is encoded once for every connection.
    """

    async def connect(self):
        # r"…/(?P<room_name>[-a-zA-Z0-9_]{1,80})/$": a group's name is ASCII, below 100
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
