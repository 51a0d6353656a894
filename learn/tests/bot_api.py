"""A stand-in for Telegram's Bot API on 127.0.0.1: what a bot needs, over real HTTP, with its errors.

As Telegram does, it keeps an update until `getUpdates` asks for a later one, holds an empty answer back for `timeout`
seconds, and ends a `getUpdates` with 409 when another one comes.
"""

import asyncio
import json
import time
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from http import HTTPStatus
from itertools import count
from typing import Any
from urllib.parse import parse_qsl

TOKEN = "123456:a-token-for-the-tests"
TEXT_MAX = 4096
HANG_UP = 0  # instead of a status: no answer, the line is cut
POLLING = {"offset", "limit", "timeout"}

Json = dict[str, Any]


class Refusal(Exception):  # noqa: N818 - it is an answer
    def __init__(self, code: int, description: str = "", **parameters: int) -> None:
        self.code = code
        self.body: Json = {"ok": False, "error_code": code, "description": description}
        if parameters:
            self.body["parameters"] = parameters


class BotApi:
    def __init__(self) -> None:
        self.url = ""
        self.updates: list[Json] = []  # that were not confirmed
        self.sent: list[Json] = []  # what the bot sent, with the time at which it came
        self.calls: list[tuple[str, Json]] = []  # every request, also those that were refused
        self.times: list[tuple[float, str]] = []  # when each of them came
        self._numbers = count(1)
        self._refusals: defaultdict[str, deque[Refusal]] = defaultdict(deque)
        self._news = asyncio.Condition()
        self._poll = 0

    # What a test does.

    async def write(self, text: str | None = "Hello", *, chat: int = 1, name: str = "Ada", **message: Any) -> Json:
        """Somebody writes to the bot."""
        number = next(self._numbers)
        person = {"id": 1000 + chat, "is_bot": False, "first_name": name}
        content = {} if text is None else {"text": text}
        kind = {"type": "private", "first_name": name} if chat > 0 else {"type": "group", "title": "Group"}
        body = {"message_id": number, "date": int(time.time()), "chat": {"id": chat} | kind, "from": person}
        update = {"message": body | content | message}
        await self.bring(update)
        return update

    async def bring(self, update: Json) -> None:
        async with self._news:
            self.updates.append({"update_id": next(self._numbers)} | update)
            self._news.notify_all()

    def refuse(self, method: str, *refusals: Refusal) -> None:
        """Answer the next calls of a method like this."""
        self._refusals[method] += refusals

    async def until(self, fulfilled: Callable[[], bool]) -> None:
        async with asyncio.timeout(10), self._news:
            await self._news.wait_for(fulfilled)

    async def texts(self, number: int, chat: int = 1) -> list[str]:
        """What a chat has been sent, as soon as it is so many."""
        await self.until(lambda: len(self.texts_now(chat)) >= number)
        return self.texts_now(chat)

    def texts_now(self, chat: int = 1) -> list[str]:
        return [each["text"] for each in self.sent if each["chat_id"] == str(chat)]

    def called(self, method: str) -> list[Json]:
        return [parameters for called, parameters in self.calls if called == method]

    # What Telegram does.

    async def do(self, token: str, method: str, parameters: Json) -> Any:
        if token != TOKEN:
            raise Refusal(401, "Unauthorized")
        async with self._news:
            self.calls.append((method, parameters))
            self.times.append((time.monotonic(), method))
            self._news.notify_all()
        if self._refusals[method]:
            raise self._refusals[method].popleft()
        match method:
            case "getMe":
                return {"id": 123456, "is_bot": True, "first_name": "Chat", "username": "chat_bot"}
            case "getUpdates":
                return await self.get_updates(**{name: parameters[name] for name in parameters.keys() & POLLING})
            case "sendMessage":
                return await self.send_message(parameters["chat_id"], parameters.get("text", ""))
        raise Refusal(404, "Not Found")

    async def get_updates(self, offset: str = "0", limit: str = "100", timeout: str = "0") -> list[Json]:  # noqa: ASYNC109
        async with self._news:
            self._poll += 1
            mine = self._poll
            self.updates[:] = [update for update in self.updates if update["update_id"] >= int(offset)]
            self._news.notify_all()
            with suppress(TimeoutError):
                async with asyncio.timeout(float(timeout)):
                    await self._news.wait_for(lambda: self.updates or self._poll != mine)
            if self._poll != mine:
                raise Refusal(409, "Conflict: terminated by other getUpdates request")
            return self.updates[: int(limit)]

    async def send_message(self, chat_id: str, text: str) -> Json:
        if not text.strip():
            raise Refusal(400, "Bad Request: message text is empty")
        if len(text.encode("utf-16-le")) // 2 > TEXT_MAX:
            raise Refusal(400, "Bad Request: message is too long")
        async with self._news:
            self.sent.append({"chat_id": chat_id, "text": text, "at": time.monotonic()})
            self._news.notify_all()
        chat = {"id": int(chat_id), "type": "private"}
        return {"message_id": next(self._numbers), "date": int(time.time()), "chat": chat, "text": text}

    async def converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection: HTTP/1.1 with keep-alive, as much of it as a client sends."""
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
                headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:])}
                body = await reader.readexactly(int(headers.get("content-length", 0)))
                _, token, method = head[0].split()[1].split("/")
                code, answer = 200, {"ok": True}
                try:
                    answer["result"] = await self.do(token.removeprefix("bot"), method, dict(parse_qsl(body.decode())))
                except Refusal as refusal:
                    code, answer = refusal.code, refusal.body
                if code == HANG_UP:
                    break
                content = json.dumps(answer).encode()
                status = f"HTTP/1.1 {code} {HTTPStatus(code).phrase}\r\n"
                writer.write(f"{status}content-length: {len(content)}\r\n\r\n".encode() + content)
                await writer.drain()
        writer.close()


@asynccontextmanager
async def bot_api() -> AsyncIterator[BotApi]:
    api = BotApi()
    connections: set[asyncio.Task[None]] = set()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        connections.add(task)
        try:
            await api.converse(reader, writer)
        except asyncio.CancelledError:  # the stream would report it
            writer.close()
        finally:
            connections.discard(task)

    server = await asyncio.start_server(connected, "127.0.0.1", 0)
    api.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    yield api
    server.close()
    for task in tuple(connections):
        task.cancel()
    await server.wait_closed()
