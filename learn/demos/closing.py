import asyncio

from channels.consumer import AsyncConsumer
from channels.exceptions import StopConsumer


class CrashError(Exception):
    """What nobody has thought of."""


class ClosingConsumer(AsyncConsumer):
    """`websocket.disconnect` is the last event; `StopConsumer` ends the instance.

    The event comes when the browser or the line has gone. It does not come after an
    exception in a handler, nor when Daphne stops, nor when a process is killed: then no
    `disconnect` runs. So clean up in a `finally`; a kill alone leaves that out too.
    """

    running = set()  # tasks of all connections to this process, for show
    ticking = None

    async def __call__(self, scope, receive, send):
        try:
            await super().__call__(scope, receive, send)
        except CrashError:  # for the demo; else the server logs it and closes
            await send({"type": "websocket.close", "code": 1011})
        finally:  # after each of the ways out, also before it was accepted
            if self.ticking:
                self.ticking.cancel()
            self.running.discard(self.ticking)

    async def websocket_connect(self, event):
        await self.send({"type": "websocket.accept"})
        self.ticking = asyncio.create_task(self.tick())
        self.running.add(self.ticking)

    async def websocket_receive(self, event):
        if event.get("text") == "close":
            # The browser answers, and websocket.disconnect comes with this code.
            await self.send({"type": "websocket.close", "code": 4001})
        elif event.get("text") == "crash":
            raise CrashError
        else:
            text = f"tasks running: {len(self.running)}"
            await self.send({"type": "websocket.send", "text": text})

    async def websocket_disconnect(self, event):
        raise StopConsumer

    async def tick(self):
        while True:
            await asyncio.sleep(5)
            await self.send({"type": "websocket.send", "text": "tick"})
