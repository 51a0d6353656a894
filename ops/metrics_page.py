"""`/metrics`, for a Prometheus that asks each process by itself, from within."""

import asyncio
from contextlib import suppress

from django.db import Error as DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from prometheus_client import REGISTRY
from prometheus_client.exposition import choose_encoder

from chat.database import reading
from chat.features import FOLLOWERS
from chat.follower import lag
from chat.observed.metrics import FOLLOWER_LAG

PROXIED = ("X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "Forwarded", "Via")
LAG_TIMEOUT = 2.0  # seconds for the database, which must not keep a scrape waiting


async def metrics(request: HttpRequest) -> HttpResponse:
    """What this process has counted. Asked through a proxy there is no such page, should the proxy let it through."""
    if any(name in request.headers for name in PROXIED):
        raise Http404
    await measure_followers()
    encode, content_type = choose_encoder(request.headers.get("Accept", ""))
    return HttpResponse(encode(REGISTRY), content_type=content_type)


async def measure_followers() -> None:
    """Where the database does not answer, nothing is said: an old figure would be taken for the present one."""
    lags: dict[str, int] = {}
    with suppress(DatabaseError, TimeoutError):
        async with asyncio.timeout(LAG_TIMEOUT):
            lags = await _lags() if FOLLOWERS else {}
    FOLLOWER_LAG.clear()
    for name, behind in lags.items():
        FOLLOWER_LAG.labels(name).set(behind)


@reading
def _lags() -> dict[str, int]:
    return {follower.name: lag(follower.name) for follower in FOLLOWERS}
