"""`/metrics`, for a Prometheus that asks each process by itself, from within."""

from django.http import Http404, HttpRequest, HttpResponse
from prometheus_client import REGISTRY
from prometheus_client.exposition import choose_encoder

PROXIED = ("X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "Forwarded", "Via")


async def metrics(request: HttpRequest) -> HttpResponse:
    """What this process has counted. Asked through a proxy there is no such page, should the proxy let it through."""
    if any(name in request.headers for name in PROXIED):
        raise Http404
    encode, content_type = choose_encoder(request.headers.get("Accept", ""))
    return HttpResponse(encode(REGISTRY), content_type=content_type)
