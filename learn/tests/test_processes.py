"""Two server processes, with Redis between them and without."""

import asyncio
import json
from collections.abc import Callable

import pytest
from django.test import AsyncClient

from e2e.servers import Server
from e2e.services import Valkey
from learn.tests.conftest import socket_to


async def test_with_redis_two_processes_are_one_room(serve: Callable[..., Server], redis: Valkey) -> None:
    first, second = serve(REDIS_URL=redis.url), serve(REDIS_URL=redis.url)
    async with socket_to(first, "processes/") as one, socket_to(second, "processes/") as other:
        here, there = json.loads(await one.recv()), json.loads(await other.recv())
        assert here["layer"] == "RedisPubSubChannelLayer"
        assert here["you_are_on"] != there["you_are_on"]
        await one.send("hello")
        said = {"text": "hello", "said_on": here["you_are_on"]}
        async with asyncio.timeout(5):
            assert json.loads(await other.recv()) == said | {"that_is": "another process"}
            assert json.loads(await one.recv()) == said | {"that_is": "this process"}


async def test_in_memory_two_processes_are_two_rooms(serve: Callable[..., Server]) -> None:
    first, second = serve(), serve()
    async with socket_to(first, "processes/") as one, socket_to(second, "processes/") as other:
        assert json.loads(await one.recv())["layer"] == "InMemoryChannelLayer"
        await other.recv()
        await one.send("hello")
        await one.recv()
        await other.send("and here?")
        assert json.loads(await other.recv())["text"] == "and here?"  # and nothing came before it


@pytest.mark.parametrize("slug", ["processes", "worker"])
async def test_without_redis_the_page_says_how_to_start_it(slug: str) -> None:
    page = (await AsyncClient().get(f"/learn/{slug}/")).content.decode()
    assert "This server has no Redis" in page
    assert "REDIS_URL=redis://127.0.0.1:6379" in page
