"""`python -m bench.words`: messages stored and acknowledged a second with all that people do with words.

Of twenty messages five are Markdown and two mention somebody, and the search index follows. Then the same with 100
reactions a second in that room: the mark is less than a tenth fewer. The server has one core, load and index the
other; cases in turn, each figure is the median.
"""

import argparse
import json
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import NamedTuple
from uuid import uuid4

import psutil

import e2e.environment  # noqa: F401 - settings of its own
from bench import load
from bench.load import CHAT_V1, ChatV1, Crowd, Dialect
from bench.machine import describe
from bench.peer import PRODUCT, PYTHON, Kind, Peer
from e2e.servers import ROOT
from e2e.services import Postgres

STORED_MIN = 5_000  # a second, on SQLite
LESS_MAX = 0.1  # of it, while people react
REACTIONS = 100  # a second
PRESSED = 10  # messages, in turn
ROUNDS = 5
SECONDS = 4.0
WAYS = {  # by the rest of a message's number; all others are plain
    0: "**loud** and *soft*, with `code` in it",
    4: "see https://example.com/a?b=c and [the docs](https://example.com/docs)",
    7: "@Ada Lovelace, have you seen this?",
    8: "one\n\n- a list\n- of two",
    12: "> quoted\n\nand answered",
    16: "```py\nx = {'a': 1}\n```\n",
    17: "ask @Ada Lovelace",
}


class Words(ChatV1):
    def message(self, text: str) -> str:
        number = text[: len("~00000000")]
        return super().message(f"{number} {WAYS.get(int(number[1:]) % 20, '')} ".ljust(load.LENGTH, "x"))


WORDS = Words(CHAT_V1.path, CHAT_V1.mark, CHAT_V1.subprotocol)


@dataclass(frozen=True)
class Case:
    name: str
    dialect: Dialect = WORDS
    reactions: int = 0  # a second
    index: str = "beside"  # `manage.py follow`, as in the stack; or "inside" the server, as `make run` has it

    @property
    def kind(self) -> Kind:
        command = (*PRODUCT.command, *(["--follow"] if self.index == "inside" else []))
        return Kind(self.name, command, self.dialect, stores=True)


CASES = (
    Case("plain text, no index", CHAT_V1, index=""),
    Case("everything"),
    Case("everything, and people react", reactions=REACTIONS),
    Case("everything, the index in the same process", index="inside"),
)


class Figures(NamedTuple):
    rate: float  # messages a second
    cpu: float  # of the server, µs for each


def stored(case: Case, folder: Path, url: str) -> Figures:
    """Somebody who might react listens in all cases, so that they differ by reactions alone."""
    server = Peer(case.kind, folder, REDIS_URL="", DATABASE_URL=url or f"sqlite:///{folder}/{uuid4().hex}.sqlite3")
    name = "User.objects.filter(username='Ada Lovelace').exists() or User.objects.create_user('Ada Lovelace')"
    subprocess.run([PYTHON, "manage.py", "shell", "--verbosity", "0", "--command", name], cwd=ROOT, check=True,
                   env=server.environment)  # fmt: skip
    press = [PYTHON, "-m", "bench.words", "--press", str(server.port), "--rate", str(case.reactions)]
    pressing = subprocess.Popen(press, cwd=ROOT, stdout=subprocess.PIPE)
    beside = [pressing]
    try:
        if case.index == "beside":
            follow = [PYTHON, "manage.py", "follow"]
            beside.append(subprocess.Popen(follow, cwd=ROOT, env=server.environment, stdout=subprocess.PIPE))
            assert beside[-1].stdout
            assert beside[-1].stdout.readline()
        assert pressing.stdout
        assert pressing.stdout.readline()
        crowd = server.crowd(20)
        crowd.flow(500, 100)
        pressing.send_signal(signal.SIGUSR1)
        acked, begun, cpu = crowd.acks, time.perf_counter(), server.cpu()
        crowd.flow(1_000_000, 100, SECONDS)
        count, seconds = crowd.acks - acked, time.perf_counter() - begun
        assert pressing.poll() is None
        crowd.close()
        return Figures(count / seconds, (server.cpu() - cpu) / count * 1e6)
    finally:
        for process in beside:
            process.kill()
            process.wait(10)
        server.stop()


def press(port: int, rate: int) -> None:
    """Says ten messages, and from SIGUSR1 on puts emoji on them and takes them back, so many a second."""
    load.pin(1)
    begin = Event()
    signal.signal(signal.SIGUSR1, lambda *_: begin.set())
    crowd = Crowd(port, CHAT_V1)
    crowd.connect(1, "bench-0")
    ((number,),) = crowd.rooms
    for _ in range(PRESSED):
        crowd._write(number, load.masked(CHAT_V1.message("something to react to")))
    while crowd.acks < PRESSED:
        list(crowd.received(1.0))
    print("ready", flush=True)
    begun, pressed = 0.0, 0
    while True:
        list(crowd.received(1 / (4 * rate) if rate else 1.0))
        begun = begun or (time.perf_counter() if begin.is_set() else 0.0)
        while rate and begun and (time.perf_counter() - begun) * rate > pressed:
            turn, place = divmod(pressed, PRESSED)
            frame = {"type": "react", "id": place + 1, "emoji": "👍", "on": turn % 2 == 0}
            crowd._write(number, load.masked(json.dumps(frame)))
            pressed += 1


def measured(folder: Path, rounds: int, url: str = "") -> dict[str, Figures]:
    found: dict[str, list[Figures]] = {case.name: [] for case in CASES}
    for _ in range(rounds):
        for case in CASES:
            found[case.name].append(stored(case, folder, url))
    return {name: Figures(*map(statistics.median, zip(*each, strict=True))) for name, each in found.items()}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.words", description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--press", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--rate", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.press:
        press(options.press, options.rate)
    print(describe())
    psutil.Process().cpu_affinity([load.pin(1)])
    with tempfile.TemporaryDirectory(prefix="chat-words-") as folder:
        postgres = Postgres()
        try:
            databases = {"SQLite": "", "PostgreSQL": postgres.url}
            found = {name: measured(Path(folder), options.rounds, url) for name, url in databases.items()}
        finally:
            postgres.stop()
    for database, cases in found.items():
        print(f"\n{database}: messages stored and acknowledged a second, and the server's CPU for each")
        for name, (rate, cpu) in cases.items():
            print(f"{name:42} {rate:8,.0f}   {cpu:6.0f} µs")
    _, everything, reacting, _ = [case.rate for case in found["SQLite"].values()]
    is_held = everything >= STORED_MIN and reacting > everything * (1 - LESS_MAX)
    print("held" if is_held else f"missed: {STORED_MIN:,} on SQLite, and less than a tenth fewer while people react")
    return 0 if is_held else 1


if __name__ == "__main__":
    sys.exit(main())
