import json

from channels.generic.websocket import JsonWebsocketConsumer
from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone


class JsonConsumer(JsonWebsocketConsumer):
    """`receive_json` gets what a frame holds, `send_json` sends what can be encoded.

    `encode_json` and `decode_json` decide how. Here times and decimals are encoded too.
    Bad JSON raises a ValueError, which would end the connection; it is answered
    instead.
    """

    def receive_json(self, content):
        kind = type(content).__name__
        answer = {"received": content, "type": kind, "at": timezone.now()}
        self.send_json(answer)

    @classmethod
    def encode_json(cls, content):
        return json.dumps(content, cls=DjangoJSONEncoder, ensure_ascii=False)

    @classmethod
    def decode_json(cls, text_data):
        return json.loads(text_data, parse_constant=not_json)

    def receive(self, text_data=None, bytes_data=None, **kwargs):
        try:
            super().receive(text_data=text_data, bytes_data=bytes_data, **kwargs)
        except (ValueError, RecursionError) as error:
            # A binary frame is a ValueError as well.
            self.send_json({"error": str(error)})


def not_json(name):
    # Python reads NaN and Infinity, which are no JSON.
    raise ValueError(f"{name} is not JSON")
