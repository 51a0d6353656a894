"""`python -m bench.strangers`: whether the time of an answer tells a stranger of a closed room that is there.

A real server, and requests in turn: to a closed room with messages, to the reserved name `admin`, twice, since the
difference between these two is noise, and to direct rooms, which are refused by their names alone, whether they are
there or not. In every second round something was said in the rooms just before: what is kept must not tell either.
"""

import argparse
import sqlite3
import statistics
import tempfile
import time
from contextlib import closing
from pathlib import Path

import httpx

import e2e.environment  # noqa: F401 - settings of its own
from bench.machine import describe
from bench.pages import fill
from e2e.servers import Server

MESSAGES = 1000
DOORS = ("", "history/", "messages/1/", "members/", "people/", "report/", "poll/?after=0&wait=0")
ROOMS = {
    "admin": "admin",
    "a closed room": "vault",
    "admin again": "admin",
    "a direct room": "~1.2",
    "one not there": "~1.3",
}
HIDE = """
UPDATE chat_room SET kind = 'closed', said = seq WHERE name = 'vault';
UPDATE chat_room SET kind = 'direct', said = seq WHERE name = '~1.2';
"""


def milliseconds(client: httpx.Client, path: str) -> float:
    begun = time.perf_counter()
    answer = client.get(path)
    taken = (time.perf_counter() - begun) * 1000
    assert answer.status_code == 404, answer
    return taken


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.strangers", description=__doc__)
    parser.add_argument("--rounds", type=int, default=200)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory(prefix="chat-strangers-") as folder:
        database = Path(folder) / "db.sqlite3"
        server = Server(Path(folder))
        server.manage("migrate", "--verbosity", "0")
        for room in ("vault", "~1.2"):
            fill(database, room, MESSAGES)
        with closing(sqlite3.connect(database)) as connection:
            connection.executescript(HIDE)
        server.start()
        try:
            print(describe())
            with httpx.Client(base_url=server.url) as client, closing(sqlite3.connect(database)) as connection:
                client.get("/chat/")
                for door in DOORS:
                    print(row(door, client, connection, rounds))
        finally:
            server.stop()


def row(door: str, client: httpx.Client, connection: sqlite3.Connection, rounds: int) -> str:
    taken: dict[str, list[float]] = {name: [] for name in ROOMS}
    after_words, quiet = list[float](), list[float]()
    for number in range(rounds + 10):  # the first ones load code
        if number % 2:
            with connection:
                connection.execute("UPDATE chat_room SET seq = seq + 1 WHERE kind <> 'public'")
        for name, room in ROOMS.items():
            taken[name].append(milliseconds(client, f"/chat/{room}/{door}"))
        (after_words if number % 2 else quiet).append(taken["a closed room"][-1])
    medians = [f"{name} {statistics.median(each[10:]):.2f}" for name, each in taken.items()]
    said = f"a closed room after something was said {statistics.median(after_words[5:]):.2f}"
    return f"{door or 'page'}: {', '.join(medians)}; {said}, else {statistics.median(quiet[5:]):.2f} ms"


if __name__ == "__main__":
    main()
