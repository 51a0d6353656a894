"""Server-Sent Events and long-poll, as another program would use them."""

import json
import re
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import httpx
import pytest

from e2e.servers import Server


@pytest.fixture
def client(base_url: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=base_url, timeout=10) as client:
        yield client


def say(client: httpx.Client, room: str, text: str) -> dict[str, Any]:
    if "chat_csrf" not in client.cookies:
        client.get(f"/chat/{room}/")
    answer = client.post(
        f"/chat/{room}/messages/",
        data={"message": text, "client_id": str(uuid4())},
        headers={"Accept": "application/json", "X-CSRFToken": client.cookies["chat_csrf"]},
    )
    assert answer.status_code == 201
    return answer.json()


def blocks(client: httpx.Client, path: str, count: int, **options: Any) -> list[dict[str, str]]:
    """The first events of a stream that are no hints, each as its fields."""
    found: list[dict[str, str]] = []
    with client.stream("GET", path, **options) as response:
        assert response.headers["content-type"] == "text/event-stream"
        fields: dict[str, str] = {}
        for line in response.iter_lines():
            if line:
                name, _, value = line.partition(": ")
                fields[name] = value
                continue
            if fields.get("event") not in ("presence", "recent"):
                found.append(fields)
            fields = {}
            if len(found) == count:
                break
    return found


def test_a_stream_begins_with_hello_then_what_was_missed_then_live(
    client: httpx.Client, base_url: str, room: str
) -> None:
    first = say(client, room, "one")
    with httpx.Client(base_url=base_url) as other:
        timer = threading.Timer(0.5, say, (other, room, "two"))
        timer.start()
        hello, missed, live = blocks(client, f"/chat/{room}/events/?after=0", 3)
        timer.join()
    assert (hello["event"], hello["id"]) == ("hello", "0")
    assert json.loads(missed["data"]) == first
    assert (missed["event"], missed["id"]) == ("message", "1")
    assert (live["event"], live["id"], json.loads(live["data"])["text"]) == ("message", "2", "two")


def test_last_event_id_wins_over_after(client: httpx.Client, room: str) -> None:
    for text in ("one", "two"):
        say(client, room, text)
    _, missed = blocks(client, f"/chat/{room}/events/?after=0", 2, headers={"Last-Event-ID": "1"})
    assert missed["id"] == "2"


def test_without_after_a_stream_begins_now(client: httpx.Client, room: str) -> None:
    say(client, room, "before")
    (hello,) = blocks(client, f"/chat/{room}/events/", 1)
    assert (hello["id"], json.loads(hello["data"])["seq"]) == ("1", 1)


def test_a_stream_too_far_behind_is_reset(client: httpx.Client, room: str) -> None:
    say(client, room, "one")
    _, reset = blocks(client, f"/chat/{room}/events/?after=9", 2)
    assert json.loads(reset["data"]) == {"type": "reset", "seq": 1}
    answer = client.get(f"/chat/{room}/poll/?after=9").json()
    assert answer["seq"] == 1
    # Behind a proxy the stream may be known a moment longer, and its reader be told as here.
    assert [event for event in answer["events"] if event["type"] != "presence"] == [{"type": "reset", "seq": 1}]


def test_a_poll_answers_at_once_with_what_was_missed(client: httpx.Client, room: str) -> None:
    said = [say(client, room, text) for text in ("one", "two")]
    assert client.get(f"/chat/{room}/poll/?after=0&wait=25").json() == {"seq": 2, "events": said}


def test_a_poll_waits_for_what_comes_and_no_longer_than_asked(client: httpx.Client, base_url: str, room: str) -> None:
    assert client.get(f"/chat/{room}/poll/?after=0&wait=0").json() == {"seq": 0, "events": []}
    with httpx.Client(base_url=base_url) as other:
        timer = threading.Timer(0.3, say, (other, room, "news"))
        timer.start()
        answer = client.get(f"/chat/{room}/poll/?wait=20").json()
        timer.join()
    assert (answer["seq"], answer["events"][-1]["text"]) == (1, "news")


@pytest.mark.parametrize("query", ["events/?after=x", "poll/?after=-1", "poll/?wait=26", "poll/?wait=x"])
def test_what_makes_no_sense_is_refused(client: httpx.Client, room: str, query: str) -> None:
    answer = client.get(f"/chat/{room}/{query}")
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_frame")


def test_a_client_that_has_gone_is_noticed(client: httpx.Client, server: Server, room: str) -> None:
    import psutil

    process = psutil.Process(server.pid)
    before = process.num_fds()
    for _ in range(10):
        blocks(client, f"/chat/{room}/events/", 1)
    deadline = time.monotonic() + 5
    while process.num_fds() > before + 3 and time.monotonic() < deadline:
        time.sleep(0.05)
    assert process.num_fds() <= before + 3


def test_a_stream_that_nobody_reads_is_closed_and_counted(client: httpx.Client, server: Server, room: str) -> None:
    def slow_closes() -> float:
        return sum(float(n) for n in re.findall(r'chat_slow_closes_total\{transport="events"\} (\S+)', metrics()))

    def metrics() -> str:
        return client.get("/metrics").text

    before = slow_closes()
    with socket.socket() as line:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        line.connect(("127.0.0.1", server.port))
        line.sendall(f"GET /chat/{room}/events/ HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
        assert line.recv(15) == b"HTTP/1.1 200 OK"
        deadline = time.monotonic() + 120
        while slow_closes() == before and time.monotonic() < deadline:
            for _ in range(20):
                say(client, room, "x" * 4000)
    assert slow_closes() == before + 1
