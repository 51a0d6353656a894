"""The bot of the `telegram` demo in a browser: what the interface server does for Telegram, for one WebSocket."""

import asyncio
from typing import Any

from channels.generic.websocket import AsyncWebsocketConsumer

from learn.demos.telegram import ChattyBotConsumer


class TelegramPreview(AsyncWebsocketConsumer):
    bot: asyncio.Task[None] | None = None

    async def connect(self) -> None:
        self.events: asyncio.Queue[dict[str, Any]] = asyncio.Queue(100)
        scope = {"type": "telegram", "chat": {"id": 0}}
        await self.accept()
        self.bot = asyncio.create_task(ChattyBotConsumer.as_asgi()(scope, self.events.get, self.answer))

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        if not self.bot or self.bot.done() or self.events.full():
            await self.close(4429)
        else:
            self.events.put_nowait({"type": "telegram.message", "text": text_data or ""})

    async def answer(self, event: dict[str, Any]) -> None:
        await self.send(text_data=event["text"])

    async def disconnect(self, code: int) -> None:
        if self.bot:
            self.bot.cancel()
