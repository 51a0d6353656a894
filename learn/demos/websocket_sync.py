from asgiref.sync import async_to_sync
from channels.generic.websocket import WebsocketConsumer


class MyConsumer(WebsocketConsumer):
    """Methods instead of raw events: what most consumers are made of.

    A frame is text or binary, never both; the other argument is None. `groups` are
    joined on connect and left on disconnect. `all hello` sends `hello` to everybody in
    them, anything else comes back as it is.
    """

    groups = ["broadcast"]

    def connect(self):
        self.accept()

    def receive(self, text_data=None, bytes_data=None):
        if bytes_data is not None:
            self.send(bytes_data=bytes_data)
        elif text_data.startswith("all "):
            self.tell_all(text_data.removeprefix("all "))
        else:
            self.send(text_data=text_data)

    def disconnect(self, close_code):
        # 1000 and 1001 are the browser's own, 1006 is a line that broke,
        # 4000 to 4999 are ours to give a meaning.
        self.tell_all(f"[one left with {close_code}]")

    def tell_all(self, text):
        # The layer is asynchronous, this method is not.
        event = {"type": "broadcast.message", "text": text}
        async_to_sync(self.channel_layer.group_send)("broadcast", event)

    def broadcast_message(self, event):
        # An event of the group: its type names this method.
        self.send(text_data=event["text"])
