import re
from contextlib import suppress

from channels.exceptions import ChannelFull
from channels.generic.websocket import AsyncJsonWebsocketConsumer

GROUP = "layers"


class LayersConsumer(AsyncJsonWebsocketConsumer):
    """A channel layer carries events to consumers, from anywhere, wherever they run.

    Each connection has a channel; its name is the first thing that it gets here.
    `{"to": "<name>"}` sends to that one alone, `{"text": …}` without it to the group.
    Delivery is at most once. What nobody reads is kept for a minute, up to 100 events:
    in memory for each channel, in channels_redis.core for all channels of a process;
    pub/sub keeps none.
    """

    async def connect(self):
        await self.channel_layer.group_add(GROUP, self.channel_name)
        await self.accept()
        # Where it lives, and a random part: "specific..inmemory!fwQnFpZkXYbG"
        layer = type(self.channel_layer).__name__
        await self.send_json({"channel_name": self.channel_name, "layer": layer})

    async def disconnect(self, close_code):
        await self.channel_layer.group_discard(GROUP, self.channel_name)

    async def receive_json(self, content):
        event = {
            "type": "layers.message",
            "text": str(content.get("text", "")),
            "from": self.channel_name,
        }
        if "to" not in content:
            await self.channel_layer.group_send(GROUP, event)
        elif self.is_a_connection(content["to"]):
            with suppress(ChannelFull):  # nobody hears it
                await self.channel_layer.send(content["to"], event)
        else:
            await self.send_json({"error": "No channel's name, or not of a connection"})

    def is_a_connection(self, name):
        # Groups and workers are channels too: who may send to any, may disturb all.
        where = re.sub(r"\w+$", "", self.channel_name)
        return re.fullmatch(re.escape(where) + r"\w{1,40}", str(name))

    async def layers_message(self, event):
        await self.send_json({"text": event["text"], "from": event["from"]})

    @classmethod
    async def decode_json(cls, text_data):
        try:
            content = await super().decode_json(text_data)
        except (ValueError, RecursionError):
            content = None
        return content if isinstance(content, dict) else {"text": text_data}
