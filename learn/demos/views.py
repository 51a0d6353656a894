import asyncio
import time

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from learn.demos.layers import GROUP

# Django's own views are still there, over the same ASGI application: what no consumer
# takes goes to them. A synchronous view runs in a thread, an asynchronous one on the
# event loop. A request is read, answered and over: for pages and forms that is all one
# needs, and simpler than a consumer.


@require_safe
def sync_view(request: HttpRequest) -> JsonResponse:
    begun = time.monotonic()
    time.sleep(0.2)  # blocks this thread alone
    seconds = round(time.monotonic() - begun, 1)
    return JsonResponse({"view": "sync", "seconds": seconds})


@require_safe
async def async_view(request: HttpRequest) -> JsonResponse:
    begun = time.monotonic()
    await asyncio.sleep(0.2)  # blocks nobody
    seconds = round(time.monotonic() - begun, 1)
    return JsonResponse({"view": "async", "seconds": seconds})


@require_safe
def announcing_view(request: HttpRequest) -> JsonResponse:
    """From outside a consumer, to the group of the `layers` demo. A GET for show."""
    event = {"type": "layers.message", "text": "hello from a view", "from": "a view"}
    async_to_sync(get_channel_layer().group_send)(GROUP, event)
    return JsonResponse({"sent": event["text"]})
