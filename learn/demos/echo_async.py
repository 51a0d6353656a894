from channels.consumer import AsyncConsumer
from channels.exceptions import StopConsumer


class EchoConsumer(AsyncConsumer):
    """The same, with `async` before each method and `await` before each `send`.

    The methods run on the event loop itself, and ten thousand of them can wait at
    once. For that none of them may ever block. (Before each, Channels looks after the
    database's connections, in the one thread of the synchronous consumers.)
    """

    async def websocket_connect(self, event):
        # Until this is sent the handshake is not answered.
        await self.send({"type": "websocket.accept"})

    async def websocket_receive(self, event):
        # {"type": "websocket.receive", "text": "hello"}, or "bytes" for a binary frame
        await self.send({**event, "type": "websocket.send"})

    async def websocket_disconnect(self, event):
        # {"type": "websocket.disconnect", "code": 1000}; nothing comes after it
        raise StopConsumer
