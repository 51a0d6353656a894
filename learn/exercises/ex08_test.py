import asyncio
from contextlib import suppress

import pytest

from learn.exercises.conftest import PATIENCE


class Steps:
    """Takes the place of `step`: each ends when the test says so."""

    def __init__(self):
        self.endings = asyncio.Queue()
        self.cancelled = asyncio.Event()

    async def __call__(self, number):
        try:
            error = await self.endings.get()
        except asyncio.CancelledError:
            self.cancelled.set()
            raise
        if error:
            raise error

    def end(self, error=None):
        self.endings.put_nowait(error)


@pytest.fixture
async def steps(exercise, monkeypatch):
    steps = Steps()
    monkeypatch.setattr(exercise, "step", steps)
    return steps


@pytest.fixture
async def ada(exercise, connected, steps):
    ada = await connected(exercise.WorkConsumer)
    await ada.send_to("work")
    assert await ada.hears() == "started", "at once, before the first step has ended"
    return ada


async def is_done_step_by_step(ada, steps):
    for heard in ("1/3", "2/3", "3/3"):
        steps.end()
        assert await ada.hears() == heard, (
            "after each step the client hears how far it is"
        )
    assert await ada.hears() == "done"


async def test_progress_is_sent_step_by_step(ada, steps):
    await is_done_step_by_step(ada, steps)


async def test_meanwhile_other_messages_are_answered(ada, steps):
    for _ in range(2):
        await ada.send_to("ping")
        heard = await ada.hears()
        assert heard == "pong", "ping is answered at once, while the task runs"
    await is_done_step_by_step(ada, steps)


async def test_only_one_task_runs_at_a_time(ada, steps):
    await ada.send_to("work")
    steps.end()
    heard = [await ada.hears(), await ada.hears()]
    assert heard in (["busy", "1/3"], ["1/3", "busy"]), "the first goes on, alone"
    for _ in range(2):
        steps.end()
    assert [await ada.hears() for _ in range(3)] == ["2/3", "3/3", "done"]


async def test_after_it_is_done_another_may_begin(ada, steps):
    await is_done_step_by_step(ada, steps)
    await ada.send_to("work")
    assert await ada.hears() == "started", "the first is done"
    await is_done_step_by_step(ada, steps)


async def test_a_failure_is_reported_and_another_may_begin(ada, steps):
    steps.end()
    assert await ada.hears() == "1/3"
    steps.end(RuntimeError("a step that fails"))
    heard = None
    with suppress(RuntimeError):  # raised here if it has ended the connection
        heard = await ada.hears()
    assert heard == "failed", "a step has failed: tell that, and keep the connection"
    await ada.send_to("work")
    assert await ada.hears() == "started", "the first has failed"


async def test_it_ends_after_an_exception_too(ada, steps):
    await ada.send_to("ping")
    assert await ada.hears() == "pong"
    await ada.crash()
    with suppress(TimeoutError):
        async with asyncio.timeout(PATIENCE):
            await steps.cancelled.wait()
    assert steps.cancelled.is_set(), "the consumer died, and the task still runs"


async def test_it_ends_with_the_connection(ada, steps):
    await ada.send_to("ping")
    await ada.send_input({"type": "websocket.disconnect", "code": 1001})
    with suppress(TimeoutError):
        async with asyncio.timeout(PATIENCE):
            await steps.cancelled.wait()
    assert steps.cancelled.is_set(), "the client has gone, and the task still runs"
