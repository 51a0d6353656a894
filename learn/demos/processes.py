import os
import socket

from channels.generic.websocket import AsyncJsonWebsocketConsumer

PROCESS = f"{socket.gethostname()}/{os.getpid()}"


class ProcessesConsumer(AsyncJsonWebsocketConsumer):
    """The same group in two processes: one room with Redis, two in memory.

    `InMemoryChannelLayer` keeps groups in a dictionary of the process. Another process
    has another dictionary, and neither of them knows of the other.
    """

    groups = ["processes"]

    async def connect(self):
        await self.accept()
        layer = type(self.channel_layer).__name__
        await self.send_json({"you_are_on": PROCESS, "layer": layer})

    async def receive(self, text_data=None, bytes_data=None):
        event = {"type": "room.message", "text": text_data or "", "process": PROCESS}
        await self.channel_layer.group_send("processes", event)

    async def room_message(self, event):
        where = "this process" if event["process"] == PROCESS else "another process"
        said = {"text": event["text"], "said_on": event["process"], "that_is": where}
        await self.send_json(said)
