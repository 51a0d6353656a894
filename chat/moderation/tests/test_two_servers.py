"""A ban on one server ends the connections on another within a second, and with Redis away within the poll's time."""

import asyncio
import time
from collections.abc import AsyncIterator

import httpx
import pytest
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed

from e2e.faults.clients import events_of, socket
from e2e.faults.harness import POLL_SECONDS, Stack, running


@pytest.fixture
async def stack() -> AsyncIterator[Stack]:
    async with running() as stack:
        await asyncio.to_thread(
            stack.servers[0].manage, "shell", "-c",
            "from accounts.models import User; User.objects.create_superuser('grace', password='a long password')",
        )  # fmt: skip
        yield stack


async def grace(stack: Stack) -> httpx.AsyncClient:
    web = httpx.AsyncClient(base_url=stack.servers[0].url, timeout=30, headers={"origin": stack.servers[0].url})
    await web.get("/accounts/login/")
    form = {"login": "grace", "password": "a long password", "csrfmiddlewaretoken": web.cookies["chat_csrf"]}
    answer = await web.post("/accounts/login/?next=/healthz", data=form)
    assert answer.status_code == 302, answer.text
    return web


async def arrives(line: ClientConnection) -> str:
    async for frame in line:
        for event in events_of(frame):
            if event["type"] == "hello":
                return str(event["you"]["id"])
    raise AssertionError


async def is_closed(line: ClientConnection) -> int | None:
    try:
        while True:
            await line.recv()
    except ConnectionClosed as closed:
        return closed.rcvd and closed.rcvd.code


async def test_a_ban_reaches_the_other_server_at_once_and_without_redis_by_its_poll(stack: Stack) -> None:
    web = await grace(stack)
    try:
        for redis, within in ((True, 1.0), (False, POLL_SECONDS + 1.0)):
            if not redis:
                assert stack.valkey
                stack.valkey.kill()
            async with socket(stack.servers[1].url, stack.room) as line:
                whom = await arrives(line)
                began = time.monotonic()
                headers = {"accept": "application/json", "X-CSRFToken": web.cookies["chat_csrf"]}
                answer = await web.post("/moderation/ban/", data={"whom": whom}, headers=headers)
                assert answer.status_code == 200, answer.text
                async with asyncio.timeout(10):
                    assert await is_closed(line) == 4403
                assert time.monotonic() - began < within
    finally:
        await web.aclose()
