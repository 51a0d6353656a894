import json

from asgiref.sync import async_to_sync
from channels.generic.websocket import WebsocketConsumer


class ChatConsumer(WebsocketConsumer):
    """A group: what one says, everybody receives in the room that the address names.

    `group_add` puts this connection's channel into a group, `group_send` puts an event
    into every channel of it, `group_discard` takes the channel out. They are
    asynchronous, hence `async_to_sync`.
    """

    def connect(self):
        # r"…/(?P<room_name>[-a-zA-Z0-9_]{1,80})/$": a group's name is ASCII, below 100
        self.room_name = self.scope["url_route"]["kwargs"]["room_name"]
        self.room_group_name = f"group-sync.{self.room_name}"
        group_add = async_to_sync(self.channel_layer.group_add)
        group_add(self.room_group_name, self.channel_name)
        self.accept()

    def disconnect(self, close_code):
        group_discard = async_to_sync(self.channel_layer.group_discard)
        group_discard(self.room_group_name, self.channel_name)

    def receive(self, text_data=None, bytes_data=None):
        try:
            message = str(json.loads(text_data)["message"])
            message.encode()  # a lone "\ud800" is JSON, but no text
        except (ValueError, KeyError, TypeError, RecursionError):
            self.send(text_data=json.dumps({"error": 'Send {"message": "…"}'}))
            return
        # The type names the method that receives it, a dot for the underscore.
        event = {"type": "chat.message", "message": message}
        group_send = async_to_sync(self.channel_layer.group_send)
        group_send(self.room_group_name, event)

    def chat_message(self, event):
        self.send(text_data=json.dumps({"message": event["message"]}))
