"""`LongPollConsumer`."""

import asyncio
import json

import pytest
from channels.layers import channel_layers
from channels.testing import ApplicationCommunicator, HttpCommunicator

from conftest import HOST, ORIGIN
from learn.demos import long_poll
from mysite.asgi import application

PATH = "/learn/long-poll/live/"


async def waiting() -> HttpCommunicator:
    request = HttpCommunicator(application, "GET", PATH, headers=[HOST])
    await request.send_input({"type": "http.request", "body": b""})
    assert (await request.receive_output())["status"] == 200
    assert (await request.receive_output())["more_body"]
    return request


async def test_whoever_waits_is_answered_when_somebody_says_something() -> None:
    requests = [await waiting(), await waiting()]
    said = HttpCommunicator(application, "POST", PATH, b"hello", headers=[HOST, ORIGIN])
    assert (await said.get_response())["status"] == 204
    for request in requests:
        assert json.loads((await request.receive_output())["body"]) == {"text": "hello"}
        await request.wait()


async def test_after_a_while_the_browser_may_ask_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(long_poll, "WAIT", 0.05)
    request = await waiting()
    assert json.loads((await request.receive_output())["body"]) == {"text": None}


async def test_whoever_has_gone_is_forgotten() -> None:
    request: ApplicationCommunicator = await waiting()
    await request.send_input({"type": "http.disconnect"})
    async with asyncio.timeout(2):
        await request.wait()
    assert not channel_layers["default"].groups.get("long-poll")


async def test_what_is_said_while_nobody_waits_is_lost() -> None:
    async def say(text: bytes) -> int:
        said = HttpCommunicator(application, "POST", PATH, text, headers=[HOST, ORIGIN])
        return int((await said.get_response())["status"])

    request = await waiting()
    assert await say(b"one") == 204
    assert json.loads((await request.receive_output())["body"]) == {"text": "one"}
    await request.wait()
    assert await say(b"two") == 204  # although nobody has heard it
    request = await waiting()
    assert await say(b"three") == 204
    assert json.loads((await request.receive_output())["body"]) == {"text": "three"}
    await request.wait()
