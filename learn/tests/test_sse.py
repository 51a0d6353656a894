"""`ServerSentEventsConsumer`."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

import httpx
from channels.testing import HttpCommunicator

from conftest import HOST
from e2e.servers import Server
from learn.demos.sse import ServerSentEventsConsumer
from mysite.asgi import application

PATH = "/learn/sse/live/"


async def test_a_clock_ticks_and_stops_when_the_browser_goes() -> None:
    request = HttpCommunicator(application, "GET", PATH, headers=[HOST])
    await request.send_input({"type": "http.request", "body": b""})
    start = await request.receive_output()
    assert (b"Content-Type", b"text/event-stream") in start["headers"]
    for _ in range(2):
        assert (await request.receive_output(timeout=3))["body"].startswith(b"data: 20")
    assert ServerSentEventsConsumer.watching == 1
    await request.send_input({"type": "http.disconnect"})
    async with asyncio.timeout(2):
        await request.wait()
    assert ServerSentEventsConsumer.watching == 0


async def test_a_real_server_has_forgotten_a_client_two_seconds_after_it_left(serve: Callable[..., Server]) -> None:
    server = serve()
    async with httpx.AsyncClient(base_url=server.url) as browser, browser.stream("GET", PATH) as stays:
        ticks = stays.aiter_lines()
        async with asyncio.timeout(5), browser.stream("GET", PATH):
            while not (await anext(ticks)).endswith("watching: 2"):
                pass
        async with asyncio.timeout(2):
            while not (await anext(ticks)).endswith("watching: 1"):
                pass


async def test_who_comes_back_begins_with_now() -> None:
    for _ in range(2):
        request = HttpCommunicator(application, "GET", PATH, headers=[HOST])
        await request.send_input({"type": "http.request", "body": b""})
        await request.receive_output()
        tick = (await request.receive_output(timeout=3))["body"].decode()
        assert datetime.now() - datetime.fromisoformat(tick[6:25]) < timedelta(seconds=2)
        await request.send_input({"type": "http.disconnect"})
        await request.wait()
