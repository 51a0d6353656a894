from channels.generic.websocket import AsyncWebsocketConsumer

SPOKEN = ["chat.v2", "chat.v1"]  # the one that we like best comes first


class MyConsumer(AsyncWebsocketConsumer):
    """Accepting with a subprotocol, refusing, and closing with a code.

    Refused before `accept`, the handshake is answered with 403: the browser sees 1006
    and cannot tell this from a line that broke. To give a reason, accept first, then
    close with a code from 4000 to 4999.
    """

    async def connect(self):
        if self.scope["query_string"] == b"refuse":
            # Not accepted yet: the answer is HTTP, and a code would not arrive.
            await self.close()
            return
        # What the client asks for: new WebSocket(address, ["chat.v1", "chat.v2"])
        offered = self.scope["subprotocols"]
        chosen = next((name for name in SPOKEN if name in offered), None)
        await self.accept(chosen)
        await self.send(text_data=f"subprotocol: {chosen}")

    async def receive(self, text_data=None, bytes_data=None):
        if text_data == "close":
            await self.close(code=4123, reason="You asked for it.")
        else:
            await self.send(text_data="Send: close")
