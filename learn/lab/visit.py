"""`/ws/learn/failures/`: a visitor's sandbox, which all pages of this visitor share. With DEBUG alone."""

import asyncio
import logging
from dataclasses import dataclass, field
from typing import Any

from channels.generic.websocket import AsyncJsonWebsocketConsumer

from chat import protocol
from chat.handshake import visitor
from chat.protocol import Refused
from learn.lab.live import LOOK_EVERY, PAGES_MAX, SECONDS_MAX, RefusedError, Sandbox, State
from learn.lab.run import Full, place

logger = logging.getLogger(__name__)

TOO_MANY, OVER = 4429, 4000
WORD_MAX = 32  # characters


@dataclass
class Visited:
    """`running` ends with the sandbox in it."""

    sandbox: Sandbox
    pages: set["LabConsumer"] = field(default_factory=set)
    running: asyncio.Task[None] | None = None


_visits: dict[str, Visited] = {}  # by the visitor's id


class LabConsumer(AsyncJsonWebsocketConsumer):
    channel_layer_alias = None
    visited: Visited | None = None
    key = ""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:  # disconnect() is not called after an exception
            if self.visited:
                self.visited.pages.discard(self)
                if not self.visited.pages and self.visited.running:
                    _forget(self.key, self.visited)  # at once: a page that is loaded again gets a new one
                    self.visited.running.cancel()

    async def connect(self) -> None:
        await self.accept()
        try:
            self.key = (await visitor(self.scope)).id
        except Refused as refused:
            await self.sent_away(refused.detail, TOO_MANY)
            return
        visited = _visits.get(self.key)
        if visited is None:
            visited = _visits[self.key] = Visited(Sandbox())
            visited.running = asyncio.create_task(run(self.key, visited))
        if len(visited.pages) >= PAGES_MAX:
            await self.sent_away(f"One visitor has at most {PAGES_MAX} pages of this.", TOO_MANY)
            return
        self.visited = visited
        visited.pages.add(self)

    async def receive_json(self, content: Any, **kwargs: Any) -> None:
        if not self.visited or not isinstance(content, dict):
            return
        sandbox, word, fault = self.visited.sandbox, content.get("say"), content.get("fault")
        try:
            if not sandbox.is_there:
                raise RefusedError("Ann, Bo and Cy are on their way.")
            if isinstance(word, str) and 0 < len(word.strip()) <= WORD_MAX:
                await sandbox.say(word.strip())
            elif isinstance(fault, str):
                sandbox.break_it(fault)
            elif content.get("sentence"):
                sandbox.say_sentence()
            else:
                raise RefusedError(f"A word has 1 to {WORD_MAX} characters.")
        except RefusedError as refused:
            await self.send_json({"type": "error", "text": str(refused)})

    @classmethod
    async def decode_json(cls, text_data: str) -> Any:
        try:
            return protocol.parse(text_data)
        except Refused:
            return None

    async def sent_away(self, why: str, code: int) -> None:
        await self.send_json({"type": "error", "text": why})
        await self.close(code)


def _forget(key: str, visited: Visited) -> None:
    if _visits.get(key) is visited:
        del _visits[key]


async def run(key: str, visited: Visited) -> None:
    """The sandbox, for as long as somebody looks, at most SECONDS_MAX. Every page sees each change."""
    why, code = f"The {SECONDS_MAX / 60:.0f} minutes of this sandbox are over. Load the page for another one.", OVER
    try:
        with place():
            try:
                async with asyncio.timeout(SECONDS_MAX):
                    await visited.sandbox.start()
                    await show(visited)
            except TimeoutError:
                pass
            finally:
                await visited.sandbox.close()
    except Full:
        why, code = "All sandboxes are in use. Try again in a while.", TOO_MANY
    except Exception:
        logger.exception("the lab")
        why = "Something broke that was not meant to: the server's log says what. Load the page again."
    finally:
        _forget(key, visited)
    for page in tuple(visited.pages):
        await page.sent_away(why, code)


async def show(visited: Visited) -> None:
    shown: dict[LabConsumer, State] = {}
    while True:
        state = visited.sandbox.state()
        for page in tuple(visited.pages):
            if shown.get(page) != state:
                shown[page] = state
                await page.send_json(state)
        await asyncio.sleep(LOOK_EVERY)
