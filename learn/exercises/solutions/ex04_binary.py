"""After `websocket.close` a consumer still gets what the client has sent before.

Only `websocket.disconnect` is the end.
"""

from channels.consumer import AsyncConsumer
from channels.exceptions import StopConsumer

BYTES_MAX = 1024
TOO_LONG = 4413  # as HTTP's 413; 4000 to 4999 are an application's own


class EchoConsumer(AsyncConsumer):
    closed = False

    async def websocket_connect(self, event):
        await self.send({"type": "websocket.accept"})

    async def websocket_receive(self, event):
        if self.closed:
            return
        frame = event.get("bytes")  # an empty frame is b"", and no frame is None
        if frame is None:
            await self.send({"type": "websocket.send", "text": event["text"]})
        elif len(frame) > BYTES_MAX:
            self.closed = True
            await self.send({"type": "websocket.close", "code": TOO_LONG})
        else:
            await self.send({"type": "websocket.send", "bytes": frame[::-1]})

    async def websocket_disconnect(self, event):
        raise StopConsumer
