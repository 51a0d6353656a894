"""SSE and long-poll are plain ASGI: what they refuse, how they end, and that an idle one costs no thread."""

import asyncio
import json
import re
import signal
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import httpx
import psutil
import pytest
from channels.db import database_sync_to_async
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client, override_settings
from prometheus_client import REGISTRY

from accounts.models import User
from chat import hub
from chat.tests.asked import SOON, Ask
from conftest import Open
from e2e.servers import Server

IDLE = 200  # streams, and as many polls
THREADS = 12  # of a process: the event loop's, four that read, one that writes, and a few of Django's


def open_lines(transport: str) -> float:
    return REGISTRY.get_sample_value("chat_connections", {"transport": transport}) or 0


@pytest.mark.parametrize("door", ["events/", "poll/?wait=0"])
@pytest.mark.parametrize(
    "options", [{"method": "POST"}, {"method": "HEAD"}, {"method": "PUT"}, {"host": "evil.example"}, {"host": ""}]
)
async def test_only_a_get_under_one_of_our_names_is_answered(ask: Ask, door: str, options: dict[str, str]) -> None:
    request = ask(f"/chat/lobby/{door}", **options)
    assert await request.begun() == 400
    error = json.loads(await request.all())
    assert (error["type"], error["code"]) == ("error", "bad_frame")


async def test_a_hint_has_no_number_in_a_stream_and_ends_no_poll(opened: Open, ask: Ask) -> None:
    ada = await opened()
    stream, poll = ask("/chat/lobby/events/"), ask("/chat/lobby/poll/?wait=25")
    assert await stream.begun() == 200
    assert (await stream.block())["event"] == "hello"
    waiting = asyncio.create_task(poll.begun())
    await are_live(3)
    hub.hub().whisper("lobby", {"type": "typing"})
    hint = await stream.block()
    assert (hint["event"], "id" in hint) == ("typing", False)
    assert not waiting.done()
    await ada.say("hello")
    assert (await stream.block()).items() >= {"event": "message", "id": "1"}.items()
    assert await waiting == 200
    answer = json.loads(await poll.all())
    assert (answer["seq"], [event["type"] for event in answer["events"]]) == (1, ["message"])


def members() -> list[Any]:
    """Of the lobby, that are live."""
    feed = hub.hub()._feeds.get("lobby")
    return [member for member in feed.members if member.live] if feed else []


async def are_live(number: int) -> None:
    async with asyncio.timeout(SOON):
        while len(members()) < number:  # noqa: ASYNC110 - nobody announces it
            await asyncio.sleep(0)


@pytest.mark.parametrize("door", ["events", "poll"])
async def test_a_client_that_goes_is_noticed(ask: Ask, door: str) -> None:
    before = open_lines(door)
    request = ask(f"/chat/lobby/{door}/")
    beginning = asyncio.create_task(request.begun())
    await are_live(1)
    assert open_lines(door) == before + 1
    await request.goes()
    assert open_lines(door) == before
    assert not members()
    beginning.cancel()


@database_sync_to_async
def session_of_grace() -> str:
    client = Client()
    client.force_login(User.objects.create_user("grace"))
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


async def signs_out() -> None:
    await Session.objects.all().adelete()


async def is_deactivated() -> None:
    await User.objects.aupdate(is_active=False)


@pytest.mark.parametrize("end", [signs_out, is_deactivated])
@override_settings(CHAT_POLL_SECONDS=0.05)
async def test_when_the_session_ends_a_stream_says_so_and_a_poll_is_401(
    ask: Ask, end: Callable[[], Awaitable[None]]
) -> None:
    cookie = await session_of_grace()
    stream, poll = ask("/chat/lobby/events/", cookie=cookie), ask("/chat/lobby/poll/", cookie=cookie)
    assert await stream.begun() == 200
    assert json.loads((await stream.block())["data"])["you"]["name"] == "grace"
    waiting = asyncio.create_task(poll.begun())
    await are_live(2)
    await end()
    while (error := await stream.block())["event"] != "error":
        pass
    assert "id" not in error
    assert json.loads(error["data"])["reason"] == "session_ended"
    assert stream.is_over or await stream.all() == ""
    assert await waiting == 401
    assert json.loads(await poll.all()) == json.loads(error["data"])


# On a server of its own.


@pytest.fixture
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("streams"))
    server.manage("migrate", "--verbosity", "0")
    yield server.start()
    server.stop()


async def test_idle_streams_and_polls_need_no_thread_each_and_pages_still_answer(server: Server) -> None:
    limits = httpx.Limits(max_connections=None)
    async with httpx.AsyncClient(base_url=server.url, timeout=30, limits=limits) as client:
        streams = [await client.send(client.build_request("GET", "/chat/lobby/events/"), stream=True)
                   for _ in range(IDLE)]  # fmt: skip
        assert {stream.status_code for stream in streams} == {200}
        polls = [asyncio.create_task(client.get("/chat/lobby/poll/?wait=25")) for _ in range(IDLE)]
        async with asyncio.timeout(60):
            while await lines(client) != {"events": IDLE, "poll": IDLE}:
                assert not any(poll.done() for poll in polls)
        threads = psutil.Process(server.pid).num_threads()
        pages = await asyncio.gather(*[client.get("/chat/lobby/") for _ in range(20)])
        assert {page.status_code for page in pages} == {200}
        assert threads <= THREADS
        server.signal(signal.SIGTERM)  # and all of them end
        answers = await asyncio.gather(*polls)
        assert {(answer.status_code, answer.json()["seq"]) for answer in answers} == {(200, 0)}
        assert {event["type"] for answer in answers for event in answer.json()["events"]} <= {"presence"}
        for stream in streams:
            assert (await stream.aread()).startswith(b"id: 0\nevent: hello\n")
    assert server.process
    server.process.wait(4)  # less than uvicorn would wait for what is still open


async def lines(client: httpx.AsyncClient) -> dict[str, int]:
    text = (await client.get("/metrics")).text
    found = re.findall(r'^chat_connections\{transport="(events|poll)"\} (\S+)', text, re.MULTILINE)
    return {transport: int(float(number)) for transport, number in found}
