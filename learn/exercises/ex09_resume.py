"""A room by Server-Sent Events, resumed where the line broke.

Read first: learn/demos/sse.py, live at /learn/sse/, and long_poll.py.
In the product: chat/streams.py, the same of a log that outlives the process.
Its test: learn/exercises/ex09_test.py, by `make exercise N=9`.

- Each message of a room has a number, 1, 2, 3 …, and its event has it as `id: 1`.
- An EventSource that reconnects sends the last one it saw as `Last-Event-ID: 1`. It
  gets what came after that, then what comes, each once and in order. Keep the last 100.
- Without that header, or with what is no number the room has reached, as after a
  restart: only what comes.
- A message may have several lines. Each is a `data: ` line of the one event, else a
  speaker could forge events.
"""

from channels.exceptions import StopConsumer
from channels.generic.http import AsyncHttpConsumer


class ServerSentEventsConsumer(AsyncHttpConsumer):
    """GET listens to the room, POST says something in it."""

    async def http_request(self, message):
        # Without the StopConsumer after handle() in AsyncHttpConsumer.
        self.body.append(message.get("body", b""))
        if not message.get("more_body"):
            await self.handle(b"".join(self.body))

    async def handle(self, body):
        self.room_name = self.scope["url_route"]["kwargs"]["room_name"]
        self.group = f"ex09.{self.room_name}"
        if self.scope["method"] == "POST":
            event = {"type": "chat.message", "text": body.decode(errors="replace")}
            await self.channel_layer.group_send(self.group, event)
            await self.send_response(204, b"")
            raise StopConsumer
        await self.channel_layer.group_add(self.group, self.channel_name)
        await self.send_headers(headers=[(b"Content-Type", b"text/event-stream")])
        await self.send_body(b"", more_body=True)

    async def chat_message(self, event):
        await self.send_body(f"data: {event['text']}\n\n".encode(), more_body=True)

    async def disconnect(self):
        await self.channel_layer.group_discard(self.group, self.channel_name)
