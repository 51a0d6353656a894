"""The id of the request, or of the connection, that a line of the log belongs to."""

import asyncio
import logging
import re
from collections.abc import Coroutine, Iterable
from contextvars import Context, ContextVar
from secrets import token_hex
from typing import Any

HEADER = b"x-request-id"

current: ContextVar[str | None] = ContextVar("request_id", default=None)

_WELL_FORMED = re.compile(rb"[\w.:-]{8,64}", re.ASCII)


def of_headers(headers: Iterable[tuple[bytes, bytes]]) -> str:
    """The id that the proxy gave, so that its log and ours can be laid side by side; else a new one."""
    given = next((value for name, value in headers if name == HEADER), b"")
    return given.decode() if _WELL_FORMED.fullmatch(given) else token_hex(8)


class WithRequestId(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        if request_id := current.get():
            record.request_id = request_id
        return True


def for_everyone[T](work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
    """A task that goes on beyond the request that happened to start it, whose id its lines must not bear."""
    return asyncio.get_running_loop().create_task(work, context=Context())
