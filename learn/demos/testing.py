from channels.generic.websocket import AsyncJsonWebsocketConsumer


class MyConsumer(AsyncJsonWebsocketConsumer):
    """Small enough to be tested in a few lines; the tests below are the demo.

    Four tools: `ApplicationCommunicator` speaks raw events to any ASGI application,
    `WebsocketCommunicator` and `HttpCommunicator` speak their protocol, and a live
    server with a real browser sees what a user sees.
    """

    async def connect(self):
        # ["hello"] in the browser: new WebSocket(address, ["hello"])
        await self.accept("hello" if "hello" in self.scope["subprotocols"] else None)

    async def receive_json(self, content):
        await self.send_json({"sum": sum(content["add"])})

    async def receive(self, text_data=None, bytes_data=None, **kwargs):
        try:
            await super().receive(text_data=text_data, bytes_data=bytes_data, **kwargs)
        except (KeyError, RecursionError, TypeError, ValueError):
            await self.close(code=4400, reason='Send {"add": [1, 2]}')
