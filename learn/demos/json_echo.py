import json

from channels.generic.websocket import WebsocketConsumer


class ChatConsumer(WebsocketConsumer):
    """Part 2 of the tutorial: `{"message": "hello"}` goes back to its sender alone.

    It is a chat room for one. What it lacks is a way to reach the other consumers: each
    connection has an instance of this class for itself, and they know nothing of each
    other.
    """

    def connect(self):
        self.accept()

    def receive(self, text_data=None, bytes_data=None):
        try:
            message = json.loads(text_data)["message"]
        except (ValueError, KeyError, TypeError, RecursionError):
            self.send(text_data=json.dumps({"error": 'Send {"message": "…"}'}))
            return
        self.send(text_data=json.dumps({"message": message}))
