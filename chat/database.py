"""Database work off the event loop, on threads of its own.

Not on the one thread that Channels shares among all consumers, where one slow query makes everybody wait.
"""

from collections.abc import Awaitable, Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from typing import cast

from channels.db import database_sync_to_async


class InTurn(Executor):
    """Hands its work to another executor one by one: who uses that one directly waits for one of these at most."""

    def __init__(self, executor: Executor) -> None:
        self._executor, self._queue = executor, ThreadPoolExecutor(max_workers=1, thread_name_prefix="in-turn")

    def submit[**P, R](self, function: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> Future[R]:
        return self._queue.submit(lambda: self._executor.submit(function, *args, **kwargs).result())


_readers = ThreadPoolExecutor(max_workers=4, thread_name_prefix="read")
_writer = ThreadPoolExecutor(max_workers=1, thread_name_prefix="write")
_in_turn = InTurn(_writer)


def reading[**P, R](function: Callable[P, R]) -> Callable[P, Awaitable[R]]:
    """The function, to be awaited: it runs on one of four threads. Raises what it raises."""
    wrapped = database_sync_to_async(function, thread_sensitive=False, executor=_readers)
    return cast("Callable[P, Awaitable[R]]", wrapped)


def committing[**P, R](function: Callable[P, R]) -> Callable[P, Awaitable[R]]:
    """The same on one thread: a process never competes with itself for the lock of a room."""
    wrapped = database_sync_to_async(function, thread_sensitive=False, executor=_writer)
    return cast("Callable[P, Awaitable[R]]", wrapped)


def writing[**P, R](function: Callable[P, R]) -> Callable[P, Awaitable[R]]:
    """On that thread too. However much of it waits, messages wait for one of these at most."""
    wrapped = database_sync_to_async(function, thread_sensitive=False, executor=_in_turn)
    return cast("Callable[P, Awaitable[R]]", wrapped)
