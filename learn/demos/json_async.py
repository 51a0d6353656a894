import json

from channels.generic.websocket import AsyncJsonWebsocketConsumer
from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone


class AsyncJsonConsumer(AsyncJsonWebsocketConsumer):
    """`receive_json` gets what a frame holds, `send_json` sends what can be encoded.

    `encode_json` and `decode_json` decide how. Here times and decimals are encoded too.
    Bad JSON raises a ValueError, which would end the connection; it is answered
    instead.
    """

    async def receive_json(self, content):
        kind = type(content).__name__
        answer = {"received": content, "type": kind, "at": timezone.now()}
        await self.send_json(answer)

    @classmethod
    async def encode_json(cls, content):
        return json.dumps(content, cls=DjangoJSONEncoder, ensure_ascii=False)

    @classmethod
    async def decode_json(cls, text_data):
        return json.loads(text_data, parse_constant=not_json)

    async def receive(self, text_data=None, bytes_data=None, **kwargs):
        try:
            await super().receive(text_data=text_data, bytes_data=bytes_data, **kwargs)
        except (ValueError, RecursionError) as error:
            # A binary frame is a ValueError as well.
            await self.send_json({"error": str(error)})


def not_json(name):
    # Python reads NaN and Infinity, which are no JSON.
    raise ValueError(f"{name} is not JSON")
