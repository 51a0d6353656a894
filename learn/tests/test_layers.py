"""One to one, one to many, and from outside."""

import asyncio
import json
from collections.abc import Callable

import pytest
from channels.testing import WebsocketCommunicator
from django.core.management import CommandError, call_command
from django.test import AsyncClient

from e2e.servers import Server
from e2e.services import Valkey
from learn.tests.conftest import Connect, socket_to


async def greeted(connected: Connect) -> tuple[WebsocketCommunicator, str]:
    socket = await connected("layers/")
    return socket, (await socket.receive_json_from())["channel_name"]


async def test_one_to_one_reaches_one_and_one_to_many_all(connected: Connect) -> None:
    (one, sender), (other, name), (third, _) = [await greeted(connected) for _ in range(3)]
    await one.send_json_to({"to": name, "text": "for you"})
    assert await other.receive_json_from() == {"text": "for you", "from": sender}
    await one.send_json_to({"text": "for all"})
    for socket in (one, other, third):
        assert (await socket.receive_json_from())["text"] == "for all"


# Groups and workers are channels as well: in Redis a group is `asgi__group__` and its name.
NOT_FOR_VISITORS = ("no name!!", 5, None, True, [], {}, "x" * 200, "learn-print", "asgi__group__broadcast")


async def test_what_is_no_connections_channel_is_answered_and_not_sent(connected: Connect) -> None:
    socket, _ = await greeted(connected)
    for name in NOT_FOR_VISITORS:
        await socket.send_json_to({"to": name})
        assert "error" in await socket.receive_json_from()


async def test_with_redis_too_a_visitor_reaches_connections_alone(serve: Callable[..., Server], redis: Valkey) -> None:
    server = serve(REDIS_URL=redis.url)
    async with socket_to(server, "layers/") as one, socket_to(server, "layers/") as other, asyncio.timeout(10):
        await one.recv()
        name = json.loads(await other.recv())["channel_name"]
        for wrong in (*NOT_FOR_VISITORS, "asgi__group__room.0123456789abcdef"):
            await one.send(json.dumps({"to": wrong, "text": "hello"}))
            assert "error" in json.loads(await one.recv())
        await one.send(json.dumps({"to": name, "text": "hello"}))
        assert json.loads(await other.recv())["text"] == "hello"


async def test_a_channel_that_nobody_hears_ends_nothing(connected: Connect) -> None:
    socket, name = await greeted(connected)
    for _ in range(120):  # the in-memory layer keeps a hundred for it
        await socket.send_json_to({"to": name[:-1] + "_", "text": "hello"})
    await socket.send_json_to({"text": "still here"})
    assert (await socket.receive_json_from(timeout=10))["text"] == "still here"


async def test_a_view_speaks_to_the_group(connected: Connect) -> None:
    socket, _ = await greeted(connected)
    answer = await AsyncClient().get("/learn/views/live/announcing/")
    assert answer.json() == {"sent": "hello from a view"}
    assert await socket.receive_json_from() == {"text": "hello from a view", "from": "a view"}


async def test_a_command_in_another_process_speaks_to_the_group_through_redis(
    serve: Callable[..., Server], redis: Valkey
) -> None:
    server = serve(REDIS_URL=redis.url)
    async with socket_to(server, "layers/") as socket:
        await socket.recv()
        await asyncio.to_thread(server.manage, "announce", "hello")
        assert json.loads(await socket.recv()) == {"text": "hello", "from": "manage.py announce"}


def test_without_redis_the_command_says_that_nobody_would_hear_it() -> None:
    with pytest.raises(CommandError, match="REDIS_URL"):
        call_command("announce", "hello")
