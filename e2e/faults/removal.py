"""A member is removed while messages are said in a closed room, again and again, with Redis frozen half of the time.

After the removal was answered, whatever is sent is committed later: none of it may reach the removed person, at any of
the `DOORS`, on either server. The others miss nothing.
"""

import asyncio
import math
import random
import re
import signal
import time
from collections import Counter
from contextlib import suppress
from uuid import uuid4

import httpx

from e2e.faults.clients import FAILURES, Reader, Writer, events_of, socket
from e2e.faults.harness import POLL_SECONDS, TRANSPORTS, Account, Stack, running

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')
SENT = re.compile(r"m \S+ \d+ +at ([\d.]+)")  # in the text of a message: when it was sent
MARKS = re.compile("</?mark>")  # around words that were found
OVER = POLL_SECONDS + 15.0  # seconds within which every line of a removed person has ended
BLOCK = 10  # removals for which Redis is frozen, and then again is not
PAGES = {  # what is asked for by a GET
    "page": "/chat/{room}/",
    "history": "/chat/{room}/history/",
    "notification": "/chat/{room}/news/",
    "search": "/search/?q=at+in:{room}",
    "inbox": "/inbox/",
}
DOORS = (*TRANSPORTS, *PAGES, "lobby", "post")


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


class Lobby:
    """The removed person in the lobby of a server, whose line brings the last words of rooms. It does not end."""

    def __init__(self, url: str, room: str, cookie: str) -> None:
        self.removed_at = math.inf
        self.before = self.leaks = 0  # words of this room that came
        self.task = asyncio.create_task(self._run(url, room, {"cookie": cookie}))

    async def _run(self, url: str, room: str, headers: dict[str, str]) -> None:
        async with socket(url, "", additional_headers=headers) as line:
            async for frame in line:
                for event in events_of(frame):
                    for each in event["rooms"] if event["type"] == "recent" else ():
                        if each["room"] == room and (sent := SENT.search(str(each["last"]))):
                            self.before += float(sent[1]) <= self.removed_at
                            self.leaks += float(sent[1]) > self.removed_at


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


async def removal(
    times: int = 200, database: str = "sqlite", application: str = "mysite.asgi:application", over: float = OVER
) -> Account:
    async with running(database=database, application=application, options=("--follow",)) as stack:
        assert stack.valkey
        ada, bob = [await Person(stack, name).sign_up() for name in ("ada", "bob")]
        made = await ada.post("/rooms/new/", name=stack.room, kind="closed")
        assert made.status_code == 201, made.text
        urls = [server.url for server in stack.servers]
        stack.readers = [Reader(lambda url=url: url, stack.room, transport, ada.cookie)  # type: ignore[misc]
                         for url in urls for transport in TRANSPORTS]  # fmt: skip
        stack.writers = [Writer(lambda url=urls[n % 2]: url, stack.room, name, 0.08, cookie=ada.cookie)  # type: ignore[misc]
                         for n, name in enumerate(("w0", "w1", "w2", "@bob"))]  # fmt: skip
        await stack.all_have_heard()
        lobbies = [Lobby(url, stack.room, bob.cookie) for url in urls]
        before, leaks, slowest = Counter[str](), Counter[str](), 0.0
        for n in range(times):
            if n % BLOCK == 0:
                stack.valkey.signal(signal.SIGSTOP if (n // BLOCK) % 2 else signal.SIGCONT)
            slowest = max(slowest, await _once(stack, ada, bob, lobbies, over, before, leaks))
        stack.valkey.signal(signal.SIGCONT)
        for lobby in lobbies:
            assert not lobby.task.done(), "the line of the lobby stays open"
            lobby.task.cancel()
            before["lobby"] += lobby.before
            leaks["lobby"] += lobby.leaks
        account = await stack.settle(time.monotonic())
        account.lost += leaks.total()
        what = f"{times} removals, {before.total():,} messages before them, {leaks.total()} after them"
        account.notes.append(f"FAILED: {what}: by {', '.join(+leaks)}" if leaks.total() else what)
        if silent := [door for door in DOORS if door != "post" and not before[door]]:
            account.notes.append(f"FAILED: nothing came before a removal by {', '.join(silent)}")
        ended = f"all lines ended within {slowest:.1f} s"
        account.notes.append(ended if slowest < over else f"FAILED: {ended}")
        for person in (ada, bob):
            await person.close()
        return account


async def _once(
    stack: Stack, ada: Person, bob: Person, lobbies: list[Lobby], over: float, before: Counter[str], leaks: Counter[str]
) -> float:
    """Counts by door what bob got before his removal, and what after it. Returns how long his lines lasted."""
    for lobby in lobbies:
        lobby.removed_at = math.inf
    added = await ada.post(f"/chat/{stack.room}/members/", add="bob")
    assert added.status_code == 200, added.text
    urls = [server.url for server in stack.servers]
    watched = [Watched(lambda url=url: url, stack.room, transport, bob.cookie)  # type: ignore[misc]
               for url in urls for transport in TRANSPORTS]  # fmt: skip
    newest = max(stack.acked(), default=0)
    for reader in watched:
        reader.seq = newest
    await asyncio.sleep(random.random() * 0.6)
    before.update(await _seen(bob, stack.room))
    removed = await ada.post(f"/chat/{stack.room}/members/", remove="bob")
    assert removed.status_code == 200, removed.text
    at = time.monotonic()
    for lobby in lobbies:
        lobby.removed_at = at
    leaks.update(await _seen(bob, stack.room, is_removed=True))
    said = await bob.post(f"/chat/{stack.room}/messages/", message="I am still here")
    leaks["post"] += said.status_code != 404
    with suppress(TimeoutError):
        async with asyncio.timeout(over):
            await asyncio.gather(*(reader.task for reader in watched))
    took = time.monotonic() - at
    for reader in watched:
        reader.task.cancel()
        before[reader.transport] += len(reader.heard)
        leaks[reader.transport] += reader.newest_sent > at
    return took


async def _seen(bob: Person, room: str, *, is_removed: bool = False) -> Counter[str]:
    """How many messages of the room are on the pages that he asks for, by door."""
    seen = Counter[str]()
    for browser in bob.browsers:
        for door, path in PAGES.items():
            answer = await browser.get(path.format(room=room))
            seen[door] += len(SENT.findall(MARKS.sub("", answer.text)))
            seen[door] += is_removed and "{room}/" in path and answer.status_code != 404
    return seen
