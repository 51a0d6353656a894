"""The end of a request takes no thread of its own, so that however many come at once the process keeps few."""

import asyncio
import threading
from typing import Any

from channels.testing import HttpCommunicator
from django.core.signals import request_finished

from conftest import HOST
from mysite.asgi import application


async def test_however_many_requests_there_are_at_once_one_thread_ends_them(transactional_db: None) -> None:
    ended: list[str] = []

    def note(**signal: Any) -> None:
        ended.append(threading.current_thread().name)

    async def ask() -> int:
        asked = HttpCommunicator(application, "GET", "/chat/", headers=[HOST])
        status: int = (await asked.get_response(timeout=10))["status"]
        await asked.wait()
        return status

    request_finished.connect(note)
    try:
        statuses = await asyncio.gather(*[ask() for _ in range(20)])
    finally:
        request_finished.disconnect(note)
    assert statuses == [200] * 20
    assert len(ended) == 20
    assert len(set(ended)) == 1
