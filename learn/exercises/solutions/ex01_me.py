"""The first word decides, as a whole: so `/menu` is no command, nor is `/namesake`."""

from channels.generic.websocket import WebsocketConsumer


class ChatConsumer(WebsocketConsumer):
    def connect(self):
        self.username = "Anonymous"
        self.accept()
        self.send(text_data=f"[Welcome {self.username}!]")

    def receive(self, text_data=None, bytes_data=None):
        if text_data is None:
            self.send(text_data="[text only]")
        else:
            self.send(text_data=self.answer(text_data))

    def answer(self, text):
        word, _, rest = text.partition(" ")
        rest = rest.strip()
        if word == "/me":
            return f"* {self.username} {rest}" if rest else "[/me what?]"
        if word == "/name":
            self.username = rest
            return f"[set your username to {rest}]"
        return f"{self.username}: {text}"
