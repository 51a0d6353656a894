"""`/me waves` is shown as `* Ada waves`.

Read first: learn/demos/chat_name.py, live at /learn/chat-name/.
In the product: chat/commands.py, where `understand` sees which messages are commands.
Its test: learn/exercises/ex01_test.py, by `make exercise N=1`.

- `/me waves` is answered `* Ada waves`, with the name that `/name Ada` has set.
- `/me`, with nothing or only blanks after it, is answered `[/me what?]`.
- `/menu` is no command. It comes back as before: `Ada: /menu`.
"""

from channels.generic.websocket import WebsocketConsumer


class ChatConsumer(WebsocketConsumer):
    def connect(self):
        self.username = "Anonymous"
        self.accept()
        self.send(text_data=f"[Welcome {self.username}!]")

    def receive(self, text_data=None, bytes_data=None):
        if text_data is None:
            self.send(text_data="[text only]")
        elif text_data.startswith("/name"):
            self.username = text_data[5:].strip()
            self.send(text_data=f"[set your username to {self.username}]")
        else:
            self.send(text_data=f"{self.username}: {text_data}")
