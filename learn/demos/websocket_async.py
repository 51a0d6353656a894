from channels.generic.websocket import AsyncWebsocketConsumer


class MyConsumer(AsyncWebsocketConsumer):
    """Three methods instead of raw events, each of them awaited.

    A frame is text or binary, never both; the other argument is None. `groups` are
    joined on connect and left on disconnect. `all hello` sends `hello` to everybody in
    them, anything else comes back as it is.
    """

    groups = ["broadcast"]

    async def connect(self):
        await self.accept()

    async def receive(self, text_data=None, bytes_data=None):
        if bytes_data is not None:
            await self.send(bytes_data=bytes_data)
        elif text_data.startswith("all "):
            await self.tell_all(text_data.removeprefix("all "))
        else:
            await self.send(text_data=text_data)

    async def disconnect(self, close_code):
        # 1000 and 1001 are the browser's own, 1006 is a line that broke,
        # 4000 to 4999 are ours to give a meaning.
        await self.tell_all(f"[one left with {close_code}]")

    async def tell_all(self, text):
        event = {"type": "broadcast.message", "text": text}
        await self.channel_layer.group_send("broadcast", event)

    async def broadcast_message(self, event):
        # An event of the group: its type names this method.
        await self.send(text_data=event["text"])
