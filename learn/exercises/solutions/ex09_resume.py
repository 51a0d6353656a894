"""Join the group first, then replay, then live: nothing falls in between.

What comes both ways is known by its number.
"""

import re
from collections import defaultdict, deque
from functools import partial

from channels.exceptions import StopConsumer
from channels.generic.http import AsyncHttpConsumer


class ServerSentEventsConsumer(AsyncHttpConsumer):
    rooms = defaultdict(partial(deque, maxlen=100))  # events by room, in this process

    async def http_request(self, message):
        # Without the StopConsumer after handle() in AsyncHttpConsumer.
        self.body.append(message.get("body", b""))
        if not message.get("more_body"):
            await self.handle(b"".join(self.body))

    async def handle(self, body):
        self.room_name = self.scope["url_route"]["kwargs"]["room_name"]
        self.group = f"ex09.{self.room_name}"
        events = list(self.rooms.get(self.room_name, ()))
        newest = events[-1]["number"] if events else 0
        if self.scope["method"] == "POST":
            event = {"type": "chat.message", "text": body.decode(errors="replace")}
            event["number"] = newest + 1
            self.rooms[self.room_name].append(event)
            await self.channel_layer.group_send(self.group, event)
            await self.send_response(204, b"")
            raise StopConsumer
        await self.channel_layer.group_add(self.group, self.channel_name)
        await self.send_headers(headers=[(b"Content-Type", b"text/event-stream")])
        await self.send_body(b"", more_body=True)
        last = dict(self.scope["headers"]).get(b"last-event-id", b"")
        self.seen = newest
        if re.fullmatch(rb"[0-9]{1,18}", last):
            self.seen = min(int(last), newest)
        for event in list(self.rooms.get(self.room_name, ())):
            await self.chat_message(event)

    async def chat_message(self, event):
        if event["number"] <= self.seen:
            return
        self.seen = event["number"]
        lines = re.split(r"\r\n|\r|\n", event["text"])  # all that ends a line in SSE
        data = "".join(f"data: {line}\n" for line in lines)
        await self.send_body(f"id: {self.seen}\n{data}\n".encode(), more_body=True)

    async def disconnect(self):
        await self.channel_layer.group_discard(self.group, self.channel_name)
