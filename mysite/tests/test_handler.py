"""However many requests come at once, the process keeps few threads for them, and a slow view holds up no page."""

import asyncio
import threading
from typing import Any

import pytest
from channels.testing import HttpCommunicator
from django.core.signals import request_finished

from chat.tests.asked import Asked
from conftest import HOST
from e2e.servers import ROOT
from mysite import storage
from mysite.asgi import application


@pytest.mark.parametrize(
    ("path", "status", "threads"), [("/chat/", 200, 1), ("/admin/nowhere", 302, 4), ("/learn/nowhere/", 404, 8)]
)
async def test_however_many_requests_there_are_at_once_a_few_threads_end_them(
    path: str, status: int, threads: int, transactional_db: None
) -> None:
    ended: list[str] = []

    def note(**signal: Any) -> None:
        ended.append(threading.current_thread().name)

    async def ask() -> int:
        asked = HttpCommunicator(application, "GET", path, headers=[HOST])
        answered: int = (await asked.get_response(timeout=10))["status"]
        await asked.wait()
        return answered

    request_finished.connect(note)
    try:
        statuses = await asyncio.gather(*[ask() for _ in range(20)])
    finally:
        request_finished.disconnect(note)
    assert statuses == [status] * 20
    assert len(ended) == 20
    assert len(set(ended)) == threads


@pytest.mark.parametrize("place", ["admin", "learn"])
async def test_a_synchronous_view_holds_up_no_other_request(place: str, transactional_db: None) -> None:
    """Neither a page of the product nor one beside it."""
    begun, goes_on = asyncio.Event(), threading.Event()
    loop = asyncio.get_running_loop()

    def waits(sender: object, **signal: Any) -> None:
        if threading.current_thread().name.startswith(place) and not begun.is_set():
            loop.call_soon_threadsafe(begun.set)
            goes_on.wait(10)

    slow = HttpCommunicator(application, "GET", f"/{place}/nowhere/", headers=[HOST])
    request_finished.connect(waits)
    try:
        answer = asyncio.create_task(slow.get_response(timeout=20))
        async with asyncio.timeout(10):
            await begun.wait()
            for path, status in (("/chat/", 200), ("/admin/", 302), ("/learn/views/", 200)):
                quick = HttpCommunicator(application, "GET", path, headers=[HOST])
                assert (await quick.get_response(timeout=10))["status"] == status
                await quick.wait()
    finally:
        goes_on.set()
        request_finished.disconnect(waits)
    await answer
    await slow.wait()


async def test_files_that_are_read_slowly_keep_no_thread() -> None:
    """Of forty clients none takes the first part until all of them could."""
    before, during = threading.active_count(), 0
    could_read = asyncio.Barrier(40)

    async def read() -> int:
        scope = Asked(f"/static/{storage.version()}/chat/room.js").line.scope
        size, requests = 0, [{"type": "http.request"}]

        async def receive() -> dict[str, Any]:
            if not requests:
                await asyncio.Event().wait()  # it does not go away
            return requests.pop()

        async def send(event: dict[str, Any]) -> None:
            nonlocal size, during
            if body := event.get("body"):
                async with asyncio.timeout(10):
                    await could_read.wait() if not size else None
                during = max(during, threading.active_count())
                size += len(body)

        await application(scope, receive, send)
        return size

    assert set(await asyncio.gather(*[read() for _ in range(40)])) == {(ROOT / "static/chat/room.js").stat().st_size}
    assert during - before <= 2
