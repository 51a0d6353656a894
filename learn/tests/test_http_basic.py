"""`BasicHttpConsumer`."""

import asyncio
import time

from channels.testing import HttpCommunicator

from conftest import HOST
from mysite.asgi import application


async def test_twenty_requests_at_once_wait_together() -> None:
    begun = time.monotonic()
    requests = [HttpCommunicator(application, "GET", "/learn/http-basic/live/", headers=[HOST]) for _ in range(20)]
    answers = await asyncio.gather(*(request.get_response(timeout=5) for request in requests))
    assert time.monotonic() - begun < 2
    assert [(answer["status"], answer["body"]) for answer in answers] == [(200, b"Your response bytes")] * 20
    assert (b"Content-Type", b"text/plain") in answers[0]["headers"]
