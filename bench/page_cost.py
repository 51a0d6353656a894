"""`python -m bench.page_cost`: what the server spends on a page, beside what it spends on an empty view.

CPU, user and system, of all threads of `python -m mysite`, which has one core. On the other are 16 clients. Each keeps
its connection and asks again as soon as it is answered, with the cookies of a guest who has been here before. None says
that it understands compressed answers, so compressing is not measured.
"""

import argparse
import re
import select
import socket
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode
from uuid import uuid4

import httptools
import httpx

import e2e.environment  # noqa: F401 - settings of its own
from bench import load, peer
from bench.machine import describe
from bench.peer import Kind, Peer

CLIENTS = 16
MESSAGES = 200
ROOMS = 60
ROUNDS = 25  # short ones
FULL, SPOKEN_IN = "full", "spoken-in"  # rooms: one to read, one to write in
HEADERS = {
    "User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
    "Accept-Language": "en-GB,en;q=0.5",
}
HTML, JSON = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "application/json"
FORM_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')

EMPTY = Kind(
    "empty view",
    (peer.PYTHON, "-m", "mysite", "--port", "{port}", "--application", "bench.peers.empty:application"),
    load.CHAT_V1,
)


class Visitor:
    """A guest who has looked at a room and said something in it, and has the cookies that came of it."""

    def __init__(self, server: Peer) -> None:
        self.origin = f"http://127.0.0.1:{server.port}"
        self.client = httpx.Client(base_url=self.origin, headers={"Accept-Encoding": "identity"} | HEADERS)
        page = self.client.get(f"/chat/{SPOKEN_IN}/").raise_for_status()
        field = FORM_TOKEN.search(page.text)
        tokens = [each.value or "" for each in self.client.cookies.jar if each.name.endswith(("csrf", "csrftoken"))]
        self.token = field[1] if field else "".join(tokens[:1])
        self.say(SPOKEN_IN, "Hello")
        self.cookies = "; ".join(f"{each.name}={each.value}" for each in self.client.cookies.jar)

    def say(self, room: str, text: str) -> None:
        headers = {"Accept": JSON, "Origin": self.origin}
        fields = self.fields(text)
        self.client.post(f"/chat/{room}/messages/", data=fields, headers=headers).raise_for_status()

    def fields(self, text: str) -> dict[str, str]:
        return {"message": text, "client_id": str(uuid4()), "csrfmiddlewaretoken": self.token}

    def get(self, path: str) -> bytes:
        return self._request("GET", path, {"Accept": HTML})

    def post(self, path: str, text: str) -> bytes:
        body = urlencode(self.fields(text))
        kind = {"Content-Type": "application/x-www-form-urlencoded", "Content-Length": str(len(body))}
        return self._request("POST", path, {"Accept": JSON, "Origin": self.origin} | kind, body)

    def _request(self, method: str, path: str, headers: dict[str, str], body: str = "") -> bytes:
        headers = {"Host": self.origin.removeprefix("http://")} | HEADERS | headers | {"Cookie": self.cookies}
        lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items()), "", body]
        return "\r\n".join(lines).encode()


class Line:
    """A connection that is kept, with one request on its way at a time."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=30)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.parser = httptools.HttpResponseParser(self)
        self.answers = 0

    def on_message_complete(self) -> None:
        self.answers += 1

    def read(self, status: int) -> None:
        data = self.socket.recv(load.READ)
        self.parser.feed_data(data)
        if not data or self.parser.get_status_code() != status:
            raise OSError(f"{status} expected: {data[:500]!r}")


@dataclass(frozen=True)
class Page:
    """What is asked for of which server, how often in one round, and with which status it is answered."""

    name: str
    server: Peer
    request: Callable[[Visitor], bytes]
    count: int
    status: int = 200

    def cost(self, visitors: list[Visitor]) -> float:
        """CPU µs for each request."""
        lines = [Line(self.server.port) for _ in visitors]
        self._ask(lines, visitors, len(visitors))  # warm
        before = cpu(self.server)
        self._ask(lines, visitors, self.count)
        spent = cpu(self.server) - before
        for line in lines:
            line.socket.close()
        return spent / self.count * 1e6

    def _ask(self, lines: list[Line], visitors: list[Visitor], count: int) -> None:
        poll = select.epoll()
        by_number = {line.socket.fileno(): (line, who) for line, who in zip(lines, visitors, strict=True)}
        for number, (line, who) in by_number.items():
            poll.register(number, select.EPOLLIN)
            line.socket.sendall(self.request(who))
        asked, answered = len(lines), 0
        while answered < count:
            for number, _ in poll.poll(30):
                line, who = by_number[number]
                before = line.answers
                line.read(self.status)
                if line.answers > before:
                    answered += 1
                    if asked < count:
                        asked += 1
                        line.socket.sendall(self.request(who))
        poll.close()


def cpu(server: Peer) -> float:
    """Seconds of all its threads, also of those that ended: its own clock, as /proc tells but hundredths."""
    return time.clock_gettime(~server.process.pid << 3 | 2)  # clock_getcpuclockid(3)


def fill(visitors: list[Visitor]) -> None:
    """As people do it, each in turn, so that the product has stored whatever it stores."""
    for number in range(ROOMS - 2):
        visitors[number % len(visitors)].say(f"room-{number}", "The first message of a room.")
    for number in range(MESSAGES):
        what = "see https://example.com/" if number % 10 == 9 else "about as long as what people write to each other"
        visitors[number % len(visitors)].say(FULL, f"Message {number + 1}, {what} in a room.")


def measure(folder: Path, rounds: int) -> dict[str, list[float]]:
    """CPU µs for a request to each page, in each round."""
    database = folder / "page-cost.sqlite3"
    environment = {"DATABASE_URL": f"sqlite:///{database}"}
    product = Peer(peer.PRODUCT, folder, **environment)
    bare = Peer(EMPTY, folder, **environment)
    behind = Peer(EMPTY, folder, BENCH_MIDDLEWARE="1", **environment)
    try:
        visitors = [Visitor(product) for _ in range(CLIENTS)]
        fill(visitors)
        last = visitors[0].client.get(f"/chat/{FULL}/").raise_for_status().text
        assert f"Message {MESSAGES}," in last
        before = f"/chat/{FULL}/history/?before={MESSAGES - 49}"
        pages = [
            Page("empty view, no middleware", bare, lambda who: who.get("/"), 320),
            Page("the same, `async`", bare, lambda who: who.get("/async/"), 320),
            Page("empty view, the project's middleware", behind, lambda who: who.get("/"), 80),
            Page("the same, `async`, its middleware", behind, lambda who: who.get("/async/"), 80),
            Page(f"room, {MESSAGES} messages", product, lambda who: who.get(f"/chat/{FULL}/"), 48),
            Page("history", product, lambda who: who.get(before), 48),
            Page(f"lobby, {ROOMS} rooms", product, lambda who: who.get("/chat/"), 48),
            Page(
                "POST of a message, JSON",
                product,
                lambda who: who.post(f"/chat/{SPOKEN_IN}/messages/", "Hello, as somebody says it to the others."),
                80,
                201,
            ),
        ]
        found: dict[str, list[float]] = {page.name: [] for page in pages}
        for _ in range(rounds):  # interleaved: what else the machine does falls on all
            for page in pages:
                found[page.name].append(page.cost(visitors))
        return found
    finally:
        for server in (product, bare, behind):
            server.stop()


HEAD = ["page", "CPU µs", "least to most", "empty views"]
NOTE = (
    f"{CLIENTS} clients at once, with a guest's cookies; answers are not compressed. The unit is the first row: what "
    "Django and uvicorn need for an empty view without any middleware. It is measured in each round anew, and the last "
    "column is the median of what the rounds came to."
)


def page_cost(folder: Path, rounds: int = ROUNDS) -> list[list[str]]:
    """Rows: page, median, least and most of the rounds, and the median in empty views."""
    found = measure(folder, rounds)
    units = next(iter(found.values()))
    rows = []
    for name, costs in found.items():
        ratios = [cost / unit for cost, unit in zip(costs, units, strict=True)]
        spread = f"{min(costs):,.0f} to {max(costs):,.0f}"
        rows.append([name, f"{statistics.median(costs):,.0f}", spread, f"{statistics.median(ratios):.1f}"])
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.page_cost", description=__doc__)
    parser.add_argument("rounds", nargs="?", type=int, default=ROUNDS)
    rounds = parser.parse_args().rounds
    load.pin(1)
    print(describe(), flush=True)
    with tempfile.TemporaryDirectory(prefix="chat-bench-") as folder:
        rows = page_cost(Path(folder), rounds)
    for row in [HEAD, *rows]:
        print(f"{row[0]:<40}{row[1]:>8}{row[2]:>18}{row[3]:>13}")


if __name__ == "__main__":
    main()
