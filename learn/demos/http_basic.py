import asyncio

from channels.generic.http import AsyncHttpConsumer


class BasicHttpConsumer(AsyncHttpConsumer):
    """A request answered by a consumer: the whole body comes, a whole answer goes.

    It waits a second first, and holds no thread while it does: twenty requests at once
    are all done after that second. A synchronous view would take a thread for each.
    """

    async def handle(self, body):
        # From {"type": "http.request", "body": b"…", "more_body": False} events.
        await asyncio.sleep(1)
        headers = [(b"Content-Type", b"text/plain")]
        await self.send_response(200, b"Your response bytes", headers=headers)
