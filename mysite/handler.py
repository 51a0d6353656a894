"""Django's handler, for requests too that Django itself cannot read, and without threads for each request."""

import logging
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from asgiref.sync import ThreadSensitiveContext
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.core.handlers.asgi import ASGIHandler, ASGIRequest
from django.http import HttpResponseBadRequest
from django.http.response import HttpResponseBase

logger = logging.getLogger("django.request")

# Where views are synchronous, and may take long: each request has a thread of its own, as Django has it.
SYNCHRONOUS = ("/admin/", "/learn/")
# Elsewhere the end of each response is all that needs a thread: views have those of chat.database or accounts.pages.
_thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="django")


class Handler(ASGIHandler):
    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Django starts a thread to close each response, and asgiref another to wait for that one."""
        if scope["path"].startswith(SYNCHRONOUS):
            await super().__call__(scope, receive, send)
        else:
            async with ThreadSensitiveContext(executor=_thread):
                await self.handle(scope, receive, send)

    def create_request(self, scope: Any, body_file: Any) -> tuple[ASGIRequest, None] | tuple[None, HttpResponseBase]:
        """What Django raises of a header before there is a request to answer, such as a long Content-Type, is a 400."""
        try:
            return super().create_request(scope, body_file)
        except (BadRequest, SuspiciousOperation, ValueError) as error:
            logger.warning("Bad Request: %s", error)
            return None, HttpResponseBadRequest("This request makes no sense.", content_type="text/plain")
