from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from django.contrib.auth import get_user_model
from django.core.exceptions import SynchronousOnlyOperation


class ChatConsumer(AsyncWebsocketConsumer):
    """Three ways to ask the database from asynchronous code, and one that fails.

    `database_sync_to_async` runs a function in a thread and closes connections that
    have become too old after it. It wraps a whole function: many queries, one trip to
    the thread. The async ORM makes that trip for each query.
    """

    async def connect(self):
        await self.accept()

    async def receive(self, text_data=None, bytes_data=None):
        if text_data == "call":
            name = await database_sync_to_async(self.get_name)()
        elif text_data == "decorator":
            name = await self.get_name_too()
        elif text_data == "async orm":
            user = await self.users().afirst()
            name = user.get_username() if user else "Anonymous"
        else:
            try:
                # On the event loop, where a query would make everybody wait.
                name = self.get_name()
            except SynchronousOnlyOperation as error:
                name = f"SynchronousOnlyOperation: {error}"
        await self.send(text_data=name)

    def users(self):
        # scope["user"] is loaded already; the query is for the demo's sake.
        return get_user_model().objects.filter(pk=self.scope["user"].pk)

    def get_name(self):
        user = self.users().first()
        return user.get_username() if user else "Anonymous"

    @database_sync_to_async
    def get_name_too(self):
        return self.get_name()
