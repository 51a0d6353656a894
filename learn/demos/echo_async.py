from channels.consumer import AsyncConsumer
from channels.exceptions import StopConsumer


class EchoConsumer(AsyncConsumer):
    """The least that a consumer can be: a class with a method for each kind of event.

    `websocket.connect` calls `websocket_connect`, and so on. What it sends are events
    too: nothing happens on the wire but by an event. The methods run on the event loop,
    where thousands of them can wait at once. So none of them may ever block.
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
