"""Warnings at start for what would only be noticed once messages are late."""

import os
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Warning as CheckWarning, register

PROCESSES = ("WEB_CONCURRENCY", "UVICORN_WORKERS")


@register
def several_processes_share_redis(**kwargs: Any) -> list[CheckMessage]:
    several = [name for name in PROCESSES if os.environ.get(name, "1").strip() not in ("", "0", "1")]
    if not several or settings.REDIS_URLS:
        return []
    return [
        CheckWarning(
            f"{several[0]} asks for several processes, but REDIS_URL is not set.",
            hint="They learn of each other's messages by the poll alone, every CHAT_POLL_SECONDS. Set REDIS_URL.",
            id="chat.W001",
        )
    ]
