"""Blocking, with a thread and without."""

import asyncio
import re

from learn.tests.conftest import Connect


async def test_in_a_thread_the_clock_ticks_on_and_on_the_loop_it_stands_still(connected: Connect) -> None:
    socket = await connected("sync-to-async/")
    await socket.send_to(text_data="thread")
    in_a_thread = re.search(r"ticked (\d+) times", await socket.receive_from(timeout=5))
    await socket.send_to(text_data="frozen")
    assert in_a_thread
    assert int(in_a_thread[1]) >= 3
    assert "frozen: the clock ticked 0 times" in await socket.receive_from(timeout=5)


async def test_the_frozen_loop_is_not_that_of_the_server(connected: Connect) -> None:
    frozen, other = await connected("sync-to-async/"), await connected("echo-async/")
    await frozen.send_to(text_data="frozen")
    async with asyncio.timeout(0.4):  # it stands still for half a second
        await other.send_to(text_data="hello")
        assert await other.receive_from() == "hello"
    await frozen.receive_from(timeout=5)
