"""Django's handler, for requests too that Django itself cannot read, and with few threads for many requests."""

import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from asgiref.sync import ThreadSensitiveContext
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.core.handlers.asgi import ASGIHandler, ASGIRequest
from django.http import HttpResponseBadRequest
from django.http.response import HttpResponseBase

logger = logging.getLogger("django.request")


class Threads:
    """Each runs what one request after another has to run in a thread."""

    def __init__(self, name: str, count: int) -> None:
        threads = [ThreadPoolExecutor(max_workers=1, thread_name_prefix=f"{name}-{number}") for number in range(count)]
        self.requests = dict.fromkeys(threads, 0)

    @contextmanager
    def one(self) -> Iterator[ThreadPoolExecutor]:
        """The one with the fewest requests, for one more."""
        thread = min(self.requests, key=self.requests.__getitem__)
        self.requests[thread] += 1
        try:
            yield thread
        finally:
            self.requests[thread] -= 1


# Where views are synchronous, and may take long. The classroom's do not hold up the admin.
SYNCHRONOUS = {"/admin/": Threads("admin", 4), "/learn/": Threads("learn", 8)}
# Elsewhere the end of each response is all that needs a thread: views have those of chat.database or accounts.pages.
_one = Threads("django", 1)


class Handler(ASGIHandler):
    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Django starts a thread for each request, at the latest to close its response, and asgiref another to wait."""
        threads = next((found for path, found in SYNCHRONOUS.items() if scope["path"].startswith(path)), _one)
        with threads.one() as thread:
            async with ThreadSensitiveContext(executor=thread):
                await self.handle(scope, receive, send)

    def create_request(self, scope: Any, body_file: Any) -> tuple[ASGIRequest, None] | tuple[None, HttpResponseBase]:
        """What Django raises of a header before there is a request to answer, such as a long Content-Type, is a 400."""
        try:
            return super().create_request(scope, body_file)
        except (BadRequest, SuspiciousOperation, ValueError) as error:
            logger.warning("Bad Request: %s", error)
            return None, HttpResponseBadRequest("This request makes no sense.", content_type="text/plain")
