"""What /metrics tells, and to whom."""

import re
import socket as sockets
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from channels.db import database_sync_to_async
from django.db import connection
from django.test import AsyncClient, override_settings
from prometheus_client import REGISTRY, generate_latest

from chat import hub, posting
from chat.features import FOLLOWERS
from chat.identity import Identity
from chat.verbs import Say
from conftest import Open
from e2e.servers import Server

METRICS = sorted(set(re.findall(rb"^# TYPE (chat_\w+)", generate_latest(REGISTRY), re.MULTILINE)))


class Since:
    """How much a series has grown since."""

    def __init__(self) -> None:
        self.before = self.now()

    def now(self) -> dict[str, float]:
        return {
            sample.name
            + "".join(f" {value}" for name, value in sample.labels.items() if name != "server"): sample.value
            for metric in REGISTRY.collect()
            if metric.name.startswith("chat_")
            for sample in metric.samples
        }

    def grown(self) -> dict[str, float]:
        growth = {name: value - self.before[name] for name, value in self.now().items()}
        return {name: value for name, value in growth.items() if value and "bucket" not in name and "sum" not in name}


@pytest.fixture
def since() -> Since:
    return Since()


async def test_a_connection_is_counted_while_it_is_open(opened: Open, since: Since) -> None:
    ada = await opened()
    await ada.receive_type("hello")
    assert since.grown() == {
        "chat_connections websocket": 1,
        "chat_connections_opened_total websocket": 1,
        "chat_rooms_followed": 1,
    }
    await ada.raw.disconnect()
    assert since.now()["chat_connections websocket"] == since.before["chat_connections websocket"]


async def test_what_is_stored_is_told_from_what_is_repeated_and_refused(opened: Open, since: Since) -> None:
    ada, client_id = await opened(), str(uuid4())
    await ada.say("hello", client_id)
    await ada.say("hello", client_id)
    await ada.say("other", client_id)
    await ada.say("\u200b")
    grown = since.grown()
    assert grown["chat_messages_stored_total say"] == 1
    assert grown["chat_messages_repeated_total"] == 1
    assert grown["chat_messages_refused_total conflict"] == 1
    assert grown["chat_messages_refused_total empty"] == 1
    assert grown["chat_ack_seconds_count"] == 3  # what is empty does not reach the writer


@pytest.mark.parametrize("line", ["events", "poll"])
async def test_a_line_that_is_refused_is_counted(web: httpx.AsyncClient, since: Since, line: str) -> None:
    assert (await web.get(f"/chat/lobby/{line}/?after=x")).status_code == 400
    assert since.grown()["chat_messages_refused_total bad_frame"] == 1


@override_settings(CHAT_RATE_LIMIT=(1, 60.0))
async def test_what_is_refused_for_its_rate_is_counted(opened: Open, since: Since) -> None:
    ada = await opened()
    await ada.say("a")
    await ada.say("b")
    assert since.grown()["chat_messages_refused_total rate_limited"] == 1


async def test_a_gap_in_the_wake_ups_is_counted_as_a_healing(opened: Open, since: Since, ada: Identity) -> None:
    socket = await opened()
    await socket.receive_type("hello")
    says = [Say("lobby", ada, text, uuid4()) for text in "ab"]
    _, second = [(await database_sync_to_async(posting.commit)([say]))[1] for say in says]
    hub.hub().announce(second)
    assert [(await socket.receive_type("message"))["text"] for _ in says] == ["a", "b"]
    assert since.grown()["chat_feed_healings_total gap"] == 1


async def test_one_who_does_not_keep_up_is_counted(opened: Open, since: Since) -> None:
    socket = await opened()
    await socket.receive_type("hello")
    (member,) = hub.hub()._feeds["lobby"].members
    member.end(4408)
    assert await socket.close_code() == 4408
    assert since.grown()["chat_slow_closes_total websocket"] == 1


class Indexer:
    """A follower that is never run."""

    name = "indexer"


@pytest.fixture
def followed() -> Iterator[None]:
    FOLLOWERS.append(Indexer())  # type: ignore[arg-type]
    yield
    FOLLOWERS.clear()


def lag_of_indexer(page: str) -> list[float]:
    return [float(n) for n in re.findall(r'^chat_follower_lag\{follower="indexer"\} (\S+)', page, re.MULTILINE)]


async def test_how_far_a_follower_is_behind_is_asked_at_each_scrape(
    opened: Open, followed: None, async_client: AsyncClient
) -> None:
    ada = await opened()
    for count in (1, 2):
        await ada.say("hello")
        assert lag_of_indexer((await async_client.get("/metrics")).content.decode()) == [count]


async def test_without_a_database_the_metrics_are_there_and_the_lag_is_not(
    opened: Open, followed: None, async_client: AsyncClient
) -> None:
    await (await opened()).say("hello")
    assert lag_of_indexer((await async_client.get("/metrics")).content.decode())
    await rename_table("chat_cursor", "elsewhere")
    try:
        answer = await async_client.get("/metrics")
    finally:
        await rename_table("elsewhere", "chat_cursor")
    assert answer.status_code == 200
    assert b"chat_connections_opened_total" in answer.content
    assert lag_of_indexer(answer.content.decode()) == []


@database_sync_to_async
def rename_table(name: str, other: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {name} RENAME TO {other}")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("metrics"))
    server.manage("migrate", "--verbosity", "0")
    yield server.start()
    server.stop()


@pytest.mark.parametrize("host", ["localhost", "10.0.0.7:8000", "web"])
def test_a_scrape_is_answered_by_whatever_name_the_process_is_asked(server: Server, host: str) -> None:
    answer = httpx.get(f"{server.url}/metrics", headers={"Host": host})
    assert answer.status_code == 200
    assert f'chat_server_info{{server="{server_name(server)}"}} 1.0' in answer.text
    assert 'chat_feed_healings_total{cause="poll"} 0.0' in answer.text
    assert "process_resident_memory_bytes" in answer.text


def server_name(server: Server) -> str:
    return f"{sockets.gethostname()}-{server.pid}"


@pytest.mark.parametrize("header", ["X-Forwarded-For", "X-Forwarded-Proto", "Forwarded", "Via"])
def test_through_a_proxy_there_are_no_metrics(server: Server, header: str) -> None:
    assert httpx.get(f"{server.url}/metrics", headers={header: "203.0.113.7"}).status_code == 404


def scraped(server: Server, series: str) -> float:
    text = httpx.get(f"{server.url}/metrics").text
    return float(next(line.split()[-1] for line in text.splitlines() if line.startswith(series)))


def test_streams_and_polls_are_counted_as_such(server: Server) -> None:
    httpx.get(f"{server.url}/chat/lobby/poll/?wait=0")
    assert scraped(server, 'chat_connections_opened_total{transport="poll"}') == 1
    assert scraped(server, 'chat_connections{transport="poll"}') == 0
    with httpx.stream("GET", f"{server.url}/chat/lobby/events/") as stream:
        heard = stream.iter_lines()
        next(heard)
        assert scraped(server, 'chat_connections{transport="events"}') == 1
    deadline = time.monotonic() + 10
    while scraped(server, 'chat_connections{transport="events"}'):
        assert time.monotonic() < deadline


def test_a_wrong_host_is_refused_everywhere_else(server: Server) -> None:
    assert httpx.get(f"{server.url}/chat/", headers={"Host": "web"}).status_code == 400


def test_every_metric_is_documented() -> None:
    documented = (Path(__file__).parents[2] / "docs" / "operations.md").read_bytes()
    assert [name for name in METRICS if b"`" + name + b"`" not in documented] == []
