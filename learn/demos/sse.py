import asyncio
from datetime import datetime

from channels.generic.http import AsyncHttpConsumer


class ServerSentEventsConsumer(AsyncHttpConsumer):
    """A clock, once a second, in one answer that ends after ten minutes.

    `new EventSource(address)` reads it in a browser, and asks again when it ends. The
    loop runs in a task of its own: while `handle` runs no other event is heard, not
    even that the browser has gone, and the clock would tick on for nobody.
    """

    watching = 0  # how many, in this process
    ticking = None

    async def http_request(self, message):
        # As in AsyncHttpConsumer, but without the StopConsumer after handle():
        # http.disconnect brings that.
        self.body.append(message.get("body", b""))
        if not message.get("more_body"):
            await self.handle(b"".join(self.body))

    async def handle(self, body):
        # No Transfer-Encoding: how the bytes travel is the server's affair.
        kind = (b"Content-Type", b"text/event-stream")
        await self.send_headers(headers=[kind, (b"Cache-Control", b"no-cache")])
        ServerSentEventsConsumer.watching += 1
        self.ticking = asyncio.create_task(self.tick())

    async def tick(self):
        for _ in range(600):
            # "data: …" and an empty line make an event.
            now = datetime.now().isoformat(timespec="seconds")
            payload = f"data: {now}, watching: {self.watching}\n\n"
            await self.send_body(payload.encode(), more_body=True)
            await asyncio.sleep(1)
        await self.send_body(b"")

    async def disconnect(self):
        if self.ticking:  # not for one who left before it began
            self.ticking.cancel()
            ServerSentEventsConsumer.watching -= 1
