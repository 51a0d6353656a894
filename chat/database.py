"""Database work off the event loop, on threads of its own.

Not on the one thread that Channels shares among all consumers, where one slow query makes everybody wait.
"""

from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import cast

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
