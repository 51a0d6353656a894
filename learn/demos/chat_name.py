from channels.generic.websocket import WebsocketConsumer


class ChatConsumer(WebsocketConsumer):
    """A consumer lives as long as its connection: what it remembers are attributes.

    A view is called once for each request and would need a session for this.
    `/name Ada` sets the name, anything else comes back with the name before it.
    """

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

    def disconnect(self, message):
        pass
