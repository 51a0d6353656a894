import asyncio
from contextlib import suppress

from asgiref.sync import async_to_sync
from channels.consumer import SyncConsumer
from channels.exceptions import ChannelFull
from channels.generic.websocket import AsyncWebsocketConsumer

CHANNEL = "learn-print"


class PrintConsumer(SyncConsumer):
    """Has no connection, only events of one channel: `manage.py runworker learn-print`.

    It runs in a process of its own. `ChannelNameRouter` says which consumer hears which
    channel. An event is a job: it may take its time, since no browser waits for this
    process. Without a worker the core layer keeps a job for a minute, pub/sub does not.
    """

    def test_print(self, message):
        # {"type": "test.print", "text": …, "reply_to": the asker's channel}
        event = {"type": "job.done", "text": message["text"][::-1]}
        async_to_sync(self.channel_layer.send)(message["reply_to"], event)


class WorkerConsumer(AsyncWebsocketConsumer):
    """Sends a job for each frame, and says what came back."""

    waiting = None

    async def connect(self):
        await self.accept()

    async def receive(self, text_data=None, bytes_data=None):
        await self.disconnect(None)  # no longer waits for the job before
        job = {"type": "test.print", "text": text_data or ""}
        job["reply_to"] = self.channel_name
        with suppress(ChannelFull):  # nobody takes them away
            # Awaited: without it the job is never sent.
            await self.channel_layer.send(CHANNEL, job)
        self.waiting = asyncio.get_running_loop().call_later(2, self.nobody)

    async def job_done(self, event):
        self.waiting.cancel()
        await self.send(text_data=f"the worker says: {event['text']}")

    def nobody(self):
        text = "No worker answered within 2 s. Is one running, with Redis between?"
        self.saying = asyncio.create_task(self.send(text_data=text))

    async def disconnect(self, close_code):
        if self.waiting:
            self.waiting.cancel()
