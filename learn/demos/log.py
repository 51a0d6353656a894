from channels.generic.websocket import WebsocketConsumer

from learn.models import Log

KEPT = 200  # entries; older ones are forgotten


class LogConsumer(WebsocketConsumer):
    """Writes to the database as a view does: a synchronous consumer runs in a thread,
    where the ORM may block, and all others of this process wait meanwhile.

    Shown are the latest entries of one's own address, since those of others are none of
    our business. Channels closes the connections to the database that have become too
    old after each event.
    """

    def connect(self):
        # ["203.0.113.7", 51234], or None where the server does not know
        self.client = self.scope.get("client") or ["unknown", 0]
        self.write("connected")
        self.accept()
        self.show()

    def receive(self, text_data=None, bytes_data=None):
        self.write("received")
        self.show()

    def disconnect(self, close_code):
        self.write(f"disconnected with {close_code}")

    def write(self, type):
        entry = Log.objects.create(type=type, host=self.client[0], port=self.client[1])
        Log.objects.filter(pk__lte=entry.pk - KEPT).delete()

    def show(self):
        for entry in reversed(
            Log.objects.filter(host=self.client[0]).order_by("-pk")[:5]
        ):
            self.send(text_data=str(entry))
