"""Five messages in ten seconds, and no more.

Read first: learn/demos/json_echo.py, live at /learn/json-echo/.
In the product: chat/limits.py, a bucket for each person rather than each connection.
Its test: learn/exercises/ex07_test.py, by `make exercise N=7`.

- In any ten seconds a connection may say five things. The sixth is answered
  `{"error": "Not so fast.", "retry_after": 4}`: the seconds until one more is taken.
  Who waits for that long may speak.
- What was refused does not count: after those seconds one more is taken.
- Each connection has a limit of its own.

Ask `clock()` what time it is: the tests put a clock of theirs in its place.
"""

import json
import time

from channels.generic.websocket import WebsocketConsumer

clock = time.monotonic  # not time.time, which is sometimes put back


class ChatConsumer(WebsocketConsumer):
    def connect(self):
        self.accept()

    def receive(self, text_data=None, bytes_data=None):
        try:
            message = json.loads(text_data)["message"]
        except (ValueError, KeyError, TypeError, RecursionError):
            self.send(text_data=json.dumps({"error": 'Send {"message": "…"}'}))
            return
        self.send(text_data=json.dumps({"message": message}))
