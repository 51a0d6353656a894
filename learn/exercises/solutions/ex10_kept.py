"""The group says that something is new, the database says what: replay and live alike.

An event that is lost, late or there twice changes nothing.
"""

import json
from contextlib import suppress
from urllib.parse import parse_qs

from channels.generic.websocket import AsyncWebsocketConsumer
from django.db import IntegrityError

from learn.models import Said


class ChatConsumer(AsyncWebsocketConsumer):
    async def connect(self):
        self.room_name = self.scope["url_route"]["kwargs"]["room_name"]
        self.room_group_name = f"ex10.{self.room_name}"
        # Listen first, then read: what comes in between comes both ways, not neither.
        await self.channel_layer.group_add(self.room_group_name, self.channel_name)
        self.seen = await self.newest()
        after = parse_qs(self.scope["query_string"].decode()).get("after", [""])[0]
        if after.isdecimal():
            self.seen = min(int(after), self.seen)
        await self.accept()
        await self.tell_what_is_new()

    async def disconnect(self, close_code):
        await self.channel_layer.group_discard(self.room_group_name, self.channel_name)

    async def receive(self, text_data=None, bytes_data=None):
        try:
            message = str(json.loads(text_data)["message"])
        except (ValueError, KeyError, TypeError, RecursionError):
            await self.send(text_data=json.dumps({"error": 'Send {"message": "…"}'}))
            return
        await self.keep(message)
        await self.channel_layer.group_send(self.room_group_name, {"type": "chat.new"})

    async def keep(self, text):
        while True:
            number = await self.newest() + 1
            said = Said(room=self.room_name, number=number, text=text)
            with suppress(IntegrityError):  # another was faster: the next number, then
                return await said.asave(force_insert=True)

    async def newest(self):
        said = await Said.objects.filter(room=self.room_name).order_by("number").alast()
        return said.number if said else 0

    async def chat_new(self, event):
        await self.tell_what_is_new()

    async def tell_what_is_new(self):
        new = Said.objects.filter(room=self.room_name, number__gt=self.seen)
        async for said in new.order_by("number"):
            self.seen = said.number
            event = {"number": said.number, "message": said.text}
            await self.send(text_data=json.dumps(event))
