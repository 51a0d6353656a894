"""The pages of accounts are allauth's views, which are synchronous: each runs in a thread of their own pool.

So a password's hash keeps no thread of the rooms' pages, and views are imported when they are first asked for.
"""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from channels.db import database_sync_to_async
from django.http import HttpRequest, HttpResponseBase
from django.utils.module_loading import import_string

from accounts.throttle import View

_threads = ThreadPoolExecutor(max_workers=2, thread_name_prefix="accounts")


def page(path: str) -> View:
    """The view at a dotted path. It is rendered in the thread, so the connection to the database is free after it."""

    async def view(request: HttpRequest, **arguments: Any) -> HttpResponseBase:
        return await _answer(path, request, arguments)  # type: ignore[no-any-return]

    return view


def _answered(path: str, request: HttpRequest, arguments: dict[str, Any]) -> HttpResponseBase:
    response: Any = import_string(path)(request, **arguments)
    return response.render() if hasattr(response, "render") else response  # type: ignore[no-any-return]


_answer = database_sync_to_async(_answered, thread_sensitive=False, executor=_threads)
