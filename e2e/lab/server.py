"""What servers A and B of the lab serve: the tutorial's consumer and the product's, and a way to hinder them.

`/ws/lab/control/` takes `{"lane": …, "reads": true}` or `{"lane": …, "breaks": true}`; on loopback alone.
"""

import asyncio
import json
from typing import Any

from channels.layers import channel_layers
from channels.routing import ProtocolTypeRouter, URLRouter
from channels_redis.core import RedisChannelLayer
from django.conf import settings
from django.urls import path

import mysite.asgi
from chat.consumers import ChatConsumer as ProductConsumer
from learn.demos.group_async import ChatConsumer as TutorialConsumer
from learn.lab.layer import CAPACITY

channel_layers.set("core", RedisChannelLayer(hosts=settings.REDIS_URLS, capacity=CAPACITY))


class OnCore(TutorialConsumer):
    """With the layer that has a capacity."""

    channel_layer_alias = "core"


class BreaksError(RuntimeError):
    """What nobody has thought of."""


class Hindered:
    """An application whose next sends wait, or whose next one raises an exception that ends it."""

    def __init__(self, application: Any) -> None:
        self.application = application
        self.reads = asyncio.Event()
        self.reads.set()
        self.breaks = False

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        broken = asyncio.Event()

        async def hindered(event: dict[str, Any]) -> None:
            if event["type"] == "websocket.send":
                await self.reads.wait()
                if self.breaks:
                    self.breaks = False
                    broken.set()
                    raise BreaksError
            await send(event)

        serving = asyncio.create_task(self.application(scope, receive, hindered))
        breaking = asyncio.create_task(broken.wait())
        try:
            await asyncio.wait({serving, breaking}, return_when=asyncio.FIRST_COMPLETED)
            if broken.is_set():
                raise BreaksError
            await serving
        finally:
            serving.cancel()
            breaking.cancel()


TUTORIAL = {kind: Hindered(each.as_asgi()) for kind, each in (("pubsub", TutorialConsumer), ("core", OnCore))}
LANES = {"tutorial": [*TUTORIAL.values()], "product": [Hindered(ProductConsumer.as_asgi())]}


async def control(scope: Any, receive: Any, send: Any) -> None:
    await receive()
    await send({"type": "websocket.accept"})
    while (event := await receive())["type"] == "websocket.receive":
        told = json.loads(event["text"])
        for hindered in LANES[told["lane"]]:
            if "breaks" in told:
                hindered.breaks = told["breaks"]
            elif told["reads"]:
                hindered.reads.set()
            else:
                hindered.reads.clear()
        await send({"type": "websocket.send", "text": "done"})


websocket = URLRouter(
    [
        path("ws/lab/control/", control),  # type: ignore[arg-type]
        path("ws/lab/product/<slug:room>/", LANES["product"][0]),  # type: ignore[arg-type]
        *(path(f"ws/lab/{kind}/<slug:room_name>/", each) for kind, each in TUTORIAL.items()),  # type: ignore[arg-type]
    ]
)
application = ProtocolTypeRouter({**mysite.asgi.application.application_mapping, "websocket": websocket})
