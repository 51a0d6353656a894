"""What the classroom says of the documentation's other topics."""

import os
import subprocess
import sys
from inspect import getsource, signature
from typing import Any

import asgiref.sync
import pytest
import uvicorn.server
from channels.exceptions import AcceptConnection, DenyConnection
from channels.generic.websocket import AsyncWebsocketConsumer, WebsocketConsumer
from channels.layers import InMemoryChannelLayer
from channels.routing import URLRouter
from channels.testing import WebsocketCommunicator
from channels_redis.core import RedisChannelLayer
from channels_redis.pubsub import RedisPubSubChannelLayer
from django.test import Client
from django.urls import path
from django.utils.html import escape

from learn.catalog import DEMOS, ROOT
from learn.differs import DIFFERS
from learn.layers import NAMED
from learn.more import TOPICS
from learn.path import PATH


@pytest.mark.parametrize(("raised", "accepted"), [(AcceptConnection, True), (DenyConnection, False)])
@pytest.mark.parametrize("base", [AsyncWebsocketConsumer, WebsocketConsumer])
async def test_an_exception_accepts_or_denies(base: Any, raised: type[Exception], accepted: bool) -> None:
    def deeper() -> None:
        raise raised

    class Sync(WebsocketConsumer):  # type: ignore[misc]
        def connect(self) -> None:
            deeper()

    class Async(AsyncWebsocketConsumer):  # type: ignore[misc]
        async def connect(self) -> None:
            deeper()

    socket = WebsocketCommunicator((Async if base is AsyncWebsocketConsumer else Sync).as_asgi(), "/")
    assert (await socket.connect(timeout=5))[0] is accepted
    await socket.disconnect()


async def test_a_type_with_an_underscore_in_front_is_refused() -> None:
    socket = WebsocketCommunicator(AsyncWebsocketConsumer.as_asgi(), "/")
    await socket.connect(timeout=5)
    await socket.send_input({"type": "_private.method"})
    with pytest.raises(ValueError, match="Malformed type"):
        await socket.wait(5)


async def test_what_an_inner_router_has_no_route_for_is_the_outer_ones() -> None:
    inner = URLRouter([path("here/", AsyncWebsocketConsumer.as_asgi())])
    outer = URLRouter([path("inner/", inner), path("inner/there/", AsyncWebsocketConsumer.as_asgi())])
    for address in ("inner/here/", "inner/there/"):
        socket = WebsocketCommunicator(outer, address)
        assert (await socket.connect(timeout=5))[0]
        await socket.disconnect()


def test_the_layers_have_the_settings_that_are_named() -> None:
    names = [name for name, _ in NAMED]
    assert {"channel_capacity", "channel_layer_alias", "encryption"} <= set(names)
    for layer in (InMemoryChannelLayer, RedisChannelLayer):
        assert "channel_capacity" in signature(layer).parameters
    for layer in (RedisChannelLayer, RedisPubSubChannelLayer):
        assert "symmetric_encryption_keys" in signature(layer).parameters
    assert RedisPubSubChannelLayer(hosts=[{"sentinels": [("localhost", 1)], "master_name": "one"}])
    assert hasattr(AsyncWebsocketConsumer, "channel_layer_alias")


def test_daphne_alone_reads_asgi_threads() -> None:
    said = next(topic.text for topic in TOPICS if "ASGI_THREADS" in topic.text)
    assert "ASGI_THREADS, which Daphne alone reads, sets how many threads" in said
    show = "from daphne.server import twisted_loop; print(twisted_loop._default_executor._max_workers)"
    environment = os.environ | {"ASGI_THREADS": "3"}
    shown = subprocess.run([sys.executable, "-c", show], env=environment, capture_output=True, check=True, text=True)
    assert shown.stdout == "3\n"
    for module in (asgiref.sync, uvicorn.server):
        assert "ASGI_THREADS" not in getsource(module)


def test_each_topic_says_where_it_is() -> None:
    page = Client().get("/learn/more/").content.decode()
    for topic in TOPICS:
        assert escape(topic.title) in page
        assert not topic.here or (ROOT / topic.here).exists(), topic.here


def test_every_demo_says_how_it_differs() -> None:
    assert set(DIFFERS) == set(DEMOS)
    for slug, sentences in DIFFERS.items():
        assert sentences, slug
        page = Client().get(f"/learn/{slug}/").content.decode()
        assert page.count("<li>") >= len(sentences)


def test_no_page_of_the_path_is_told_by_one_that_was_not_seen() -> None:
    for stop in PATH:
        if stop.slug in DEMOS:
            source = (ROOT / DEMOS[stop.slug].file).read_text()
            assert '"""The same' not in source
            assert "the same" not in DEMOS[stop.slug].sentence.lower()
