"""A member is removed while messages are said in a closed room, again and again, with Redis frozen half of the time.

After the removal was answered, whatever is sent is committed later: none of it may reach the removed person, by
WebSocket, SSE, poll, page or history, on either server. The others miss nothing.
"""

import asyncio
import random
import re
import signal
import time
from contextlib import suppress
from uuid import uuid4

import httpx

from e2e.faults.clients import FAILURES, Reader, Writer
from e2e.faults.harness import POLL_SECONDS, TRANSPORTS, Account, Stack, running

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')
SENT = re.compile(r"m \w+ \d+  at ([\d.]+)")  # in the text of a message: when it was sent
OVER = POLL_SECONDS + 15.0  # seconds within which every line of a removed person has ended
BLOCK = 10  # removals for which Redis is frozen, and then again is not


class Person:
    """An account, signed up by the page's form, and a browser for its forms."""

    def __init__(self, stack: Stack, name: str) -> None:
        self.name = name
        self.browsers = [httpx.AsyncClient(base_url=server.url, timeout=20) for server in stack.servers]
        self.cookie = ""

    async def sign_up(self) -> "Person":
        first, *others = self.browsers
        token = TOKEN.search((await first.get("/accounts/signup/")).text)
        assert token
        fields = {"username": self.name, "password1": uuid4().hex, "csrfmiddlewaretoken": token[1]}
        (await first.post("/accounts/signup/", data=fields, headers={"origin": str(first.base_url).rstrip("/")}))
        self.cookie = "; ".join(f"{name}={value}" for name, value in first.cookies.items())
        assert "chat_session" in self.cookie
        for other in others:
            other.cookies.update(first.cookies)
        return self

    async def post(self, path: str, **fields: str) -> httpx.Response:
        browser = random.choice(self.browsers)
        headers = {"x-csrftoken": browser.cookies["chat_csrf"], "origin": str(browser.base_url).rstrip("/"),
                   "accept": "application/json"}  # fmt: skip
        return await browser.post(path, data=fields, headers=headers)

    async def close(self) -> None:
        for browser in self.browsers:
            await browser.aclose()


class Watched(Reader):
    """A reader of the removed person: comes back until it is refused, and keeps when each message was sent."""

    async def _run(self) -> None:
        self.newest_sent = 0.0
        while True:
            try:
                async for event in getattr(self, f"_{self.transport}")():
                    if event["type"] == "error" and event["code"] == "forbidden":
                        return
                    self._take(event)
                    if sent := SENT.search(event.get("text", "")):
                        self.newest_sent = max(self.newest_sent, float(sent[1]))
            except httpx.HTTPStatusError as error:
                if error.response.status_code in (403, 404):
                    return
            except FAILURES:
                pass
            await asyncio.sleep(random.random() * 0.05)


async def removal(times: int = 200, database: str = "sqlite") -> Account:
    async with running(database=database) as stack:
        assert stack.valkey
        ada, bob = [await Person(stack, name).sign_up() for name in ("ada", "bob")]
        made = await ada.post("/rooms/new/", name=stack.room, kind="closed")
        assert made.status_code == 201, made.text
        urls = [server.url for server in stack.servers]
        stack.readers = [Reader(lambda url=url: url, stack.room, transport, ada.cookie)  # type: ignore[misc]
                         for url in urls for transport in TRANSPORTS]  # fmt: skip
        stack.writers = [Writer(lambda url=urls[n % 2]: url, stack.room, f"w{n}", 0.08, cookie=ada.cookie)  # type: ignore[misc]
                         for n in range(4)]  # fmt: skip
        await stack.all_have_heard()
        leaks, slowest, heard = 0, 0.0, 0
        for n in range(times):
            if n % BLOCK == 0:
                stack.valkey.signal(signal.SIGSTOP if (n // BLOCK) % 2 else signal.SIGCONT)
            leaked, took, count = await _once(stack, ada, bob, urls)
            leaks, slowest, heard = leaks + leaked, max(slowest, took), heard + count
        stack.valkey.signal(signal.SIGCONT)
        account = await stack.settle(time.monotonic())
        what = f"{times} removals, {heard:,} messages before them, {leaks} after them"
        account.notes.append(what if leaks == 0 and heard else f"FAILED: {what}")
        ended = f"all lines ended within {slowest:.1f} s"
        account.notes.append(ended if slowest < OVER else f"FAILED: {ended}")
        for person in (ada, bob):
            await person.close()
        return account


async def _once(stack: Stack, ada: Person, bob: Person, urls: list[str]) -> tuple[int, float, int]:
    """Returns what bob got that was sent after his removal, how long his lines lasted, and what he got before it."""
    added = await ada.post(f"/chat/{stack.room}/members/", add="bob")
    assert added.status_code == 200, added.text
    watched = [Watched(lambda url=url: url, stack.room, transport, bob.cookie)  # type: ignore[misc]
               for url in urls for transport in TRANSPORTS]  # fmt: skip
    newest = max(stack.acked(), default=0)
    for reader in watched:
        reader.seq = newest
    await asyncio.sleep(random.random() * 0.6)
    removed = await ada.post(f"/chat/{stack.room}/members/", remove="bob")
    assert removed.status_code == 200, removed.text
    at = time.monotonic()
    pages = [browser.get(f"/chat/{stack.room}/{path}") for browser in bob.browsers for path in ("", "history/")]
    answers = [await page for page in pages]
    said = await bob.post(f"/chat/{stack.room}/messages/", message="I am still here")
    leaks = sum(answer.status_code != 404 for answer in [*answers, said])
    with suppress(TimeoutError):
        async with asyncio.timeout(OVER):
            await asyncio.gather(*(reader.task for reader in watched))
    took = time.monotonic() - at
    for reader in watched:
        reader.task.cancel()
    leaks += sum(reader.newest_sent > at for reader in watched)
    return leaks, took, sum(len(reader.heard) for reader in watched)
