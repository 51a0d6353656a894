import json
from collections import defaultdict
from urllib.parse import parse_qs

from channels.generic.websocket import AsyncWebsocketConsumer

LOG = defaultdict(list)  # by room; in the product a table


def store(room, text):
    event = {"type": "chat.message", "seq": len(LOG[room]) + 1, "text": text}
    LOG[room].append(event)
    return event


def read_after(room, seq):
    return LOG[room][seq:]


class LogConsumer(AsyncWebsocketConsumer):
    """Store first, then tell. Who comes back says what it has seen, and gets the rest."""

    async def connect(self):
        self.room = self.scope["url_route"]["kwargs"]["room_name"]
        self.group = f"log.{self.room}"
        await self.channel_layer.group_add(self.group, self.channel_name)
        await self.accept()
        query = parse_qs(self.scope["query_string"].decode())
        self.seen = int(query.get("after", ["0"])[0])
        for event in read_after(self.room, self.seen):
            await self.chat_message(event)

    async def disconnect(self, close_code):
        await self.channel_layer.group_discard(self.group, self.channel_name)

    async def receive(self, text_data=None, bytes_data=None):
        event = store(self.room, json.loads(text_data)["message"])
        await self.channel_layer.group_send(self.group, event)

    async def chat_message(self, event):
        if event["seq"] > self.seen:
            self.seen = event["seq"]
            await self.send(text_data=json.dumps(event))
