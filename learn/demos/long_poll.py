import asyncio
import json

from channels.exceptions import StopConsumer
from channels.generic.http import AsyncHttpConsumer

WAIT = 25  # seconds; then the browser asks again


class LongPollConsumer(AsyncHttpConsumer):
    """Answered when something happens: GET waits, POST sends to all who wait.

    The answer is finished by `chat_message`, an event from the layer, long after
    `handle` has returned.
    """

    giving_up = None

    async def http_request(self, message):
        # As in AsyncHttpConsumer, but without the StopConsumer after handle():
        # with it no event would ever come.
        self.body.append(message.get("body", b""))
        if not message.get("more_body"):
            await self.handle(b"".join(self.body))

    async def handle(self, body):
        if self.scope["method"] == "POST":
            text = body[:1000].decode(errors="replace")
            event = {"type": "chat.message", "text": text}
            await self.channel_layer.group_send("long-poll", event)
            await self.send_response(204, b"")
            raise StopConsumer
        await self.channel_layer.group_add("long-poll", self.channel_name)
        await self.send_headers(headers=[(b"Content-Type", b"application/json")])
        await self.send_body(b"", more_body=True)  # the headers go now
        self.giving_up = asyncio.get_running_loop().call_later(WAIT, self.give_up)

    def give_up(self):
        event = {"type": "chat.message", "text": None}
        sending = self.channel_layer.send(self.channel_name, event)
        self.sending = asyncio.create_task(sending)

    async def chat_message(self, event):
        await self.send_body(json.dumps({"text": event["text"]}).encode())
        await self.disconnect()
        raise StopConsumer

    async def disconnect(self):
        # Also when the browser has gone: http.disconnect is heard, as handle() is over.
        if self.giving_up:
            self.giving_up.cancel()
        await self.channel_layer.group_discard("long-poll", self.channel_name)
