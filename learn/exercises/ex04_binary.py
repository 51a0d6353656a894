"""Binary frames come back reversed; one that is too long ends the connection.

Read first: learn/demos/echo_async.py, live at /learn/echo-async/.
In the product: chat/protocol.py, what a frame may hold, and the close codes.
Its test: learn/exercises/ex04_test.py, by `make exercise N=4`.

- The bytes `01 02 03` are answered `03 02 01`, and an empty frame by an empty one.
- More than 1024 bytes: the connection is closed with code 4413 and nothing else.
- What was on its way when it closed, whatever that is, is not answered any more.
- Text comes back as it is, however long.
"""

from channels.consumer import AsyncConsumer
from channels.exceptions import StopConsumer


class EchoConsumer(AsyncConsumer):
    async def websocket_connect(self, event):
        await self.send({"type": "websocket.accept"})

    async def websocket_receive(self, event):
        await self.send({**event, "type": "websocket.send"})

    async def websocket_disconnect(self, event):
        raise StopConsumer
