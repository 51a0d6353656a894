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


async def test_a_synchronous_view_holds_up_no_other_request(transactional_db: None) -> None:
    begun, goes_on = asyncio.Event(), threading.Event()
    loop = asyncio.get_running_loop()

    def waits(sender: object, **signal: Any) -> None:
        if threading.current_thread().name.startswith("ThreadPoolExecutor"):  # Django's, for that request alone
            loop.call_soon_threadsafe(begun.set)
            goes_on.wait(10)

    slow = HttpCommunicator(application, "GET", "/admin/nowhere", headers=[HOST])
    request_finished.connect(waits)
    try:
        answer = asyncio.create_task(slow.get_response(timeout=20))
        async with asyncio.timeout(10):
            await begun.wait()
            quick = HttpCommunicator(application, "GET", "/chat/", headers=[HOST])
            assert (await quick.get_response(timeout=10))["status"] == 200
            await quick.wait()
    finally:
        goes_on.set()
        request_finished.disconnect(waits)
    await answer
    await slow.wait()
