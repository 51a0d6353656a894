"""`python -m bench.unread`: what it costs to keep people told of what is unread.

Hints: 200 rooms with 5 messages a second in all, 1,000 people who sit in them and belong to 50 rooms each. A crowd: a
room of 1,000 members, each of whom marks as read every 2 s, as pages do. Both beside a server that tells nobody and
where nobody marks. CPU is user and system time of the server's process. Numbers: of 500 memberships over 1,000,000
messages, on SQLite and on PostgreSQL. The lobby: its page, with 10,000 rooms and 500 memberships beside 50 of each.
"""

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

import e2e.environment  # noqa: F401 - settings of its own
from bench.load import CHAT_V1, Crowd, masked
from bench.machine import describe
from e2e.servers import Server
from e2e.services import Postgres
from mysite.__main__ import allow_many_sockets

PEOPLE = 1000
ROOMS, MEMBERSHIPS, RATE = 200, 50, 5.0
MARK_EVERY = 2.0  # seconds, of each person


@dataclass
class Cost:
    cpu: float  # milliseconds a second
    arrived: int
    expected: int
    closed: int


class Place:
    """A server with people in rooms, whose sockets are open."""

    def __init__(self, folder: Path, application: str, rooms: int, memberships: int) -> None:
        self.server = Server(folder, application=application, CHAT_RATE_LIMIT="")
        self.server.manage("migrate", "--verbosity", "0")
        path = folder / "sessions.json"
        again("people", rooms, memberships, path, url=self.server.environment["DATABASE_URL"])
        self.server.start()
        self.process = psutil.Process(self.server.pid)
        self.crowd = Crowd(self.server.port, CHAT_V1)
        for number, cookie in enumerate(json.loads(path.read_text())):
            self.crowd.cookie = cookie
            self.crowd.connect(1, f"room-{number % rooms}")
            self._until(0)  # pings are answered meanwhile
        self.lines = [line for room in self.crowd.rooms for line in room]
        self.rooms = rooms

    def cpu(self) -> float:
        times = self.process.cpu_times()
        return times.user + times.system

    def run(self, seconds: float, rate: float, marks: bool) -> Cost:
        """`marks`: each person says every `MARK_EVERY` up to where they have read."""
        self._until(time.perf_counter() + 3)  # what comes at the start
        chosen, begun, cpu = random.Random(7), time.perf_counter(), self.cpu()
        said = marked = arrived = 0
        while (now := time.perf_counter()) < begun + seconds:
            if now >= begun + said / rate:
                self.crowd.say(chosen.choice(self.lines), said)
                said += 1
            if marks and now >= begun + marked * MARK_EVERY / PEOPLE:
                frame = json.dumps({"type": "read", "seq": said, "revision": 0})
                self.crowd._write(self.lines[marked % PEOPLE], masked(frame))
                marked += 1
            arrived += sum(1 for _ in self.crowd.received(0.0005))
        arrived += self._until(time.perf_counter() + 3, said * PEOPLE // self.rooms - arrived)
        spent = (self.cpu() - cpu) / (time.perf_counter() - begun) * 1000
        return Cost(spent, arrived, said * PEOPLE // self.rooms, self.crowd.closed)

    def _until(self, end: float, wanted: int = -1) -> int:
        arrived = sum(1 for _ in self.crowd.received(0))
        while time.perf_counter() < end and arrived != wanted:
            arrived += sum(1 for _ in self.crowd.received(0.05))
        return arrived

    def close(self) -> None:
        self.crowd.close()
        self.server.stop()


def hints(seconds: float, repeats: int) -> None:
    found = compared(ROOMS, MEMBERSHIPS, seconds, [RATE] * repeats)
    quiet, told = (statistics.median(cost.cpu for cost in costs) for costs in found)
    print(f"hints, {ROOMS} rooms, {PEOPLE:,} sockets: {told:.0f} ms of CPU a second, {quiet:.0f} without")
    closed = sum(cost.closed for costs in found for cost in costs)
    print(f"  {told - quiet:.0f} ms a second for the hints (at most 50), {closed} closed", flush=True)


def crowded(seconds: float, rates: list[float]) -> None:
    found = compared(1, 1, seconds, rates, marks=True)
    for rate, alone, told in zip(rates, *found, strict=True):
        marks = told.cpu - alone.cpu
        arrived = f"{told.arrived:,} of {told.expected:,} arrived, {told.closed} closed"
        print(f"a room of {PEOPLE:,}, {rate:g} messages a second: {arrived}")
        print(f"  {alone.cpu:.0f} ms of CPU a second for the delivery, {marks:.0f} for marks: "
              f"{marks / alone.cpu:.2f} times (at most 1)", flush=True)  # fmt: skip


def compared(
    rooms: int, memberships: int, seconds: float, rates: list[float], *, marks: bool = False
) -> tuple[list[Cost], list[Cost]]:
    """Without hints and marks, and with them."""
    found = []
    for application, is_told in (("bench.peers.no_hints:application", False), ("mysite.asgi:application", True)):
        with tempfile.TemporaryDirectory(prefix="chat-unread-") as folder:
            place = Place(Path(folder), application, rooms, memberships)
            try:
                found.append([place.run(seconds, rate, marks and is_told) for rate in rates])
            finally:
                place.close()
    return found[0], found[1]


def on_both(what: str, count: int) -> None:
    """On databases of their own."""
    with tempfile.TemporaryDirectory(prefix="chat-unread-") as folder:
        again(what, "SQLite", count, url=f"sqlite:///{Path(folder) / 'unread.sqlite3'}")
    postgres = Postgres()
    try:
        again(what, "PostgreSQL", count, url=postgres.url)
    finally:
        postgres.stop()


def again(*arguments: object, url: str) -> None:
    """In a process of its own, since Django knows one database."""
    environment = os.environ | {"DATABASE_URL": url, "DEBUG": "0", "SECRET_KEY": os.environ.get("SECRET_KEY", "bench")}
    subprocess.run([sys.executable, "-m", "bench.unread_rows", *map(str, arguments)], env=environment, check=True)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.unread", description=__doc__)
    parser.add_argument("--only", choices=("hints", "crowd", "numbers", "lobby"))
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--messages", type=int, default=1_000_000)
    parser.add_argument("--rooms", type=int, default=10_000)
    options = parser.parse_args()
    allow_many_sockets()
    print(describe(), flush=True)
    if options.only in (None, "hints"):
        hints(options.seconds, 3)
    if options.only in (None, "crowd"):
        crowded(options.seconds, [1, 5, 20])
    if options.only in (None, "numbers"):
        on_both("numbers", options.messages)
    if options.only in (None, "lobby"):
        on_both("lobby", options.rooms)


if __name__ == "__main__":
    main()
