import json

from channels.generic.websocket import JsonWebsocketConsumer
from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone


class JsonConsumer(JsonWebsocketConsumer):
    """`receive_json` gets what the frame holds, `send_json` sends anything that can be
    encoded.

    How is decided by `encode_json` and `decode_json`. Here times and decimals are
    encoded too. Bad JSON raises a ValueError, which would end the connection; it is
    answered instead.
    """

    def receive_json(self, content):
        self.send_json(
            {"received": content, "type": type(content).__name__, "at": timezone.now()}
        )

    @classmethod
    def encode_json(cls, content):
        return json.dumps(content, cls=DjangoJSONEncoder, ensure_ascii=False)

    @classmethod
    def decode_json(cls, text_data):
        return json.loads(text_data, parse_constant=not_json)

    def receive(self, text_data=None, bytes_data=None, **kwargs):
        try:
            super().receive(text_data=text_data, bytes_data=bytes_data, **kwargs)
        except (
            ValueError,
            RecursionError,
        ) as error:  # a binary frame is a ValueError as well
            self.send_json({"error": str(error)})


def not_json(name):
    # Python reads NaN and Infinity, which are no JSON.
    raise ValueError(f"{name} is not JSON")
