"""A job for a worker in another process."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from channels.layers import InMemoryChannelLayer, channel_layers
from channels.testing import ApplicationCommunicator
from channels.worker import Worker

from e2e.faults.harness import until
from e2e.servers import ROOT, Server
from e2e.services import Valkey
from learn.tests.conftest import Connect, socket_to
from mysite.asgi import application


@pytest.fixture
def worker(redis: Valkey) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "manage.py", "runworker", "learn-print"]
    process = subprocess.Popen(command, cwd=ROOT, env=os.environ | {"REDIS_URL": redis.url})
    yield process
    process.terminate()
    process.wait(10)


async def test_a_worker_in_another_process_does_the_job(
    serve: Callable[..., Server], redis: Valkey, worker: subprocess.Popen[bytes]
) -> None:
    async with socket_to(serve(REDIS_URL=redis.url), "worker/") as socket, asyncio.timeout(20):
        answer = ""
        while not answer.startswith("the worker says"):  # until it has started
            await socket.send("worker")
            answer = str(await socket.recv())
        assert answer == "the worker says: rekrow"


async def test_the_routing_knows_the_channel_of_the_worker(connected: Connect) -> None:
    jobs = ApplicationCommunicator(application, {"type": "channel", "channel": "learn-print"})
    socket = await connected("worker/")
    await socket.send_to(text_data="abc")
    await jobs.send_input(await channel_layers["default"].receive("learn-print"))
    assert await socket.receive_from() == "the worker says: cba"


async def test_without_a_worker_that_is_said(connected: Connect) -> None:
    socket = await connected("worker/")
    await socket.send_to(text_data="abc")
    assert (await socket.receive_from(timeout=5)).startswith("No worker answered")


async def test_one_instance_does_all_jobs_of_a_channel_one_after_the_other() -> None:
    begun, done = [], []

    async def consumer(scope: Any, receive: Any, send: Any) -> None:
        begun.append(scope["channel"])
        while True:
            done.append((await receive())["text"])

    layer = InMemoryChannelLayer()
    for text in ("one", "two"):
        await layer.send("jobs", {"type": "a.job", "text": text})
    working = asyncio.create_task(Worker(consumer, ["jobs"], layer).handle())
    await until(lambda: done == ["one", "two"], "both jobs", 5)
    working.cancel()
    assert begun == ["jobs"]
