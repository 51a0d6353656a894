"""To know of five in ten seconds, the times of the last five are enough."""

import json
import time
from collections import deque

from channels.generic.websocket import WebsocketConsumer

clock = time.monotonic  # not time.time, which is sometimes put back
MESSAGES, SECONDS = 5, 10


class ChatConsumer(WebsocketConsumer):
    def connect(self):
        self.said_at = deque(maxlen=MESSAGES)  # one more pushes the oldest out
        self.accept()

    def receive(self, text_data=None, bytes_data=None):
        try:
            message = json.loads(text_data)["message"]
        except (ValueError, KeyError, TypeError, RecursionError):
            self.send(text_data=json.dumps({"error": 'Send {"message": "…"}'}))
            return
        if wait := self.must_wait():
            error = {"error": "Not so fast.", "retry_after": wait}
            self.send(text_data=json.dumps(error))
            return
        self.send(text_data=json.dumps({"message": message}))

    def must_wait(self):
        """Seconds; 0 counts the message as said."""
        now = clock()
        if len(self.said_at) == MESSAGES and now < self.said_at[0] + SECONDS:
            return self.said_at[0] + SECONDS - now
        self.said_at.append(now)
        return 0
