"""Django's handler, for requests too that Django itself cannot read."""

import logging
from typing import Any

from django.core.exceptions import BadRequest, SuspiciousOperation
from django.core.handlers.asgi import ASGIHandler, ASGIRequest
from django.http import HttpResponseBadRequest
from django.http.response import HttpResponseBase

logger = logging.getLogger("django.request")


class Handler(ASGIHandler):
    def create_request(self, scope: Any, body_file: Any) -> tuple[ASGIRequest, None] | tuple[None, HttpResponseBase]:
        """What Django raises of a header before there is a request to answer, such as a long Content-Type, is a 400."""
        try:
            return super().create_request(scope, body_file)
        except (BadRequest, SuspiciousOperation, ValueError) as error:
            logger.warning("Bad Request: %s", error)
            return None, HttpResponseBadRequest("This request makes no sense.", content_type="text/plain")
