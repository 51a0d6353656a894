"""Database work off the event loop, on threads of its own.

Not on the one thread that Channels shares among all consumers, where one slow query makes everybody wait.
"""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import cast
from weakref import WeakKeyDictionary

from channels.db import database_sync_to_async

_readers = ThreadPoolExecutor(max_workers=4, thread_name_prefix="read")
_writer = ThreadPoolExecutor(max_workers=1, thread_name_prefix="write")


def reading[**P, R](function: Callable[P, R]) -> Callable[P, Awaitable[R]]:
    wrapped = database_sync_to_async(function, thread_sensitive=False, executor=_readers)
    return cast("Callable[P, Awaitable[R]]", wrapped)


def writing[**P, R](function: Callable[P, R]) -> Callable[P, Awaitable[R]]:
    """One thread: a process never competes with itself for the lock of a room."""
    wrapped = database_sync_to_async(function, thread_sensitive=False, executor=_writer)
    return cast("Callable[P, Awaitable[R]]", wrapped)


TOGETHER_MAX = 500  # arguments of one call


def reading_together[P, R](function: Callable[[list[P]], list[R]]) -> Callable[[P], Awaitable[R]]:
    """What is asked while a call runs is answered together by the next: one trip to a thread, one query for all.

    When a server restarts, everybody connects at once.
    """
    read = reading(function)
    asked: WeakKeyDictionary[asyncio.AbstractEventLoop, list[tuple[P, asyncio.Future[R]]]] = WeakKeyDictionary()

    async def answer(loop: asyncio.AbstractEventLoop) -> None:
        while waiting := asked[loop]:
            asked[loop] = waiting[TOGETHER_MAX:]
            arguments, futures = zip(*waiting[:TOGETHER_MAX], strict=True)
            try:
                results = await read(list(arguments))
            except Exception as error:
                for future in futures:
                    if not future.done():  # the one who asked may be gone
                        future.set_exception(error)
            else:
                for future, result in zip(futures, results, strict=True):
                    if not future.done():
                        future.set_result(result)
        del asked[loop]

    async def ask(argument: P) -> R:
        loop = asyncio.get_running_loop()
        future: asyncio.Future[R] = loop.create_future()
        if loop in asked:
            asked[loop].append((argument, future))
        else:
            asked[loop] = [(argument, future)]
            _answering.add(task := loop.create_task(answer(loop)))
            task.add_done_callback(_answering.discard)
        return await future

    return ask


_answering: set[asyncio.Task[None]] = set()
