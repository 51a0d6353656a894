from channels.generic.websocket import WebsocketConsumer

from learn.models import Log

KEPT, KEPT_FOR_EACH = 200, 20  # entries in all, and of an address; older are forgotten


class LogConsumer(WebsocketConsumer):
    """Writes to the database as a view does, since it runs in a thread.

    There the ORM may block, and all synchronous consumers of this process wait. It
    shows the latest entries of your own address; those of others are private. After
    each event Channels closes the connections to the database that are too old.
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
        Log.objects.create(type=type, host=self.client[0], port=self.client[1])
        own = Log.objects.filter(host=self.client[0])
        for entries, kept in ((own, KEPT_FOR_EACH), (Log.objects.all(), KEPT)):
            older = entries.order_by("-pk").values_list("pk", flat=True)[kept:]
            Log.objects.filter(pk__in=list(older)).delete()

    def show(self):
        own = Log.objects.filter(host=self.client[0])
        for entry in reversed(own.order_by("-pk")[:5]):
            self.send(text_data=str(entry))
