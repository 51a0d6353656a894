"""For load balancers: is the process alive, and can it do its work?"""

import asyncio
from collections.abc import Awaitable

from channels.layers import get_channel_layer
from django.conf import settings
from django.db import connection
from django.http import HttpRequest, JsonResponse

from chat.database import reading

TIMEOUT = 3.0  # seconds for each part


async def healthz(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"status": "ok"})


async def readyz(request: HttpRequest) -> JsonResponse:
    """200 when database and Redis answer, else 503 that names what does not."""
    checks = {"database": _database()} | ({"redis": _redis()} if settings.REDIS_URLS else {})
    answers = await asyncio.gather(*(_answers(check) for check in checks.values()))
    parts = dict(zip(checks, answers, strict=True))
    failing = [name for name, answer in parts.items() if not answer]
    status = {"status": "unavailable", "failing": failing} if failing else {"status": "ok"}
    return JsonResponse(status, status=503 if failing else 200)


async def _answers(check: Awaitable[None]) -> bool:
    try:
        await asyncio.wait_for(check, TIMEOUT)
    except Exception:
        return False
    return True


@reading
def _database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


async def _redis() -> None:
    """Through the layer itself, to every shard."""
    layer = get_channel_layer()
    for number in range(8 * len(settings.REDIS_URLS)):
        await layer.group_send(f"readyz.{number}", {"type": "readyz"})
