from channels.consumer import SyncConsumer
from channels.exceptions import StopConsumer


class EchoConsumer(SyncConsumer):
    """An echo without `async` and `await`, again with a method for each kind of event.

    `websocket.connect` calls `websocket_connect`, and so on. The methods run in a
    thread, one for all: they may block, and make other consumers wait meanwhile. What
    it sends are events too: nothing happens on the wire but by an event.
    """

    def websocket_connect(self, event):
        # Until this is sent the handshake is not answered.
        self.send({"type": "websocket.accept"})

    def websocket_receive(self, event):
        # {"type": "websocket.receive", "text": "hello"}, or "bytes" for a binary frame
        self.send({**event, "type": "websocket.send"})

    def websocket_disconnect(self, event):
        # {"type": "websocket.disconnect", "code": 1000}; nothing comes after it
        raise StopConsumer
