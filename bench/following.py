"""`python -m bench.following`: how soon search is right after a say, an edit and a deletion, on SQLite and PostgreSQL.

From the commit, which is what an acknowledgement waits for, until a search finds the new words and not the old ones; a
deleted message is not found from its commit on, and what is waited for is that its words are gone. The index is kept
inside the server on SQLite, as `make run` has it, and by `manage.py follow` on PostgreSQL, as the stack has it. First
in a quiet chat, one change after the other; then while one room is flooded through the server by 20 people, as fast
as it takes it, in that room and in another one. The marks: 2 s, and 30 in the flood.
"""

import argparse
import os
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import e2e.environment  # noqa: F401 - settings of its own
from bench.load import CHAT_V1, ChatV1, Crowd
from bench.machine import describe
from bench.peer import PRODUCT, Kind, Peer
from bench.search import texts
from e2e.services import Postgres

ROUNDS = 10
MOST, MOST_IN_FLOOD = 2.0, 30.0  # seconds, the slowest
FLOOD_SECONDS = 30.0
LOOK_EVERY = 0.02  # seconds
GIVE_UP = 180.0  # seconds


class Awaited(NamedTuple):
    what: str
    since: float
    is_right: Callable[[], bool]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.following", description=__doc__)
    parser.add_argument("--inside", help=argparse.SUPPRESS)
    parser.add_argument("--flood", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.flood:
        return flood(options.flood)
    if options.inside:
        return measure(options.inside)
    print(describe())
    with tempfile.TemporaryDirectory(prefix="chat-following-") as folder:
        missed = again(f"sqlite:///{Path(folder) / 'following.sqlite3'}", "SQLite")
    postgres = Postgres()
    try:
        missed += again(postgres.url, "PostgreSQL")
    finally:
        postgres.stop()
    return missed


def again(url: str, name: str) -> int:
    """In a process of its own, since Django knows one database."""
    environment = os.environ | {"TEST_DATABASE_URL": url}
    command = [sys.executable, "-m", "bench.following", "--inside", name]
    return subprocess.run(command, env=environment, check=False).returncode


def measure(name: str) -> int:
    """How many marks were missed."""
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "mysite.settings"
    django.setup()
    with tempfile.TemporaryDirectory(prefix="chat-following-") as folder, served(name, Path(folder)) as port:
        print(f"\n{name}: until search is right, the median")
        missed = told(in_quiet(), MOST)
        times, rate, late = in_flood(port)
    print(f"one room is flooded, {rate:,.0f} messages a second for {FLOOD_SECONDS:.0f} s:")
    missed += told(times, MOST_IN_FLOOD)
    print(f"all of the flood is in the index {late:.1f} s after its end", flush=True)
    return missed + (late > MOST_IN_FLOOD)


@contextmanager
def served(name: str, folder: Path) -> Iterator[int]:
    inside = ["--follow"] if name == "SQLite" else []
    server = Peer(Kind(name, (*PRODUCT.command, *inside), CHAT_V1, stores=True), folder, core=-1)
    try:
        if inside:
            yield server.port
        else:
            with beside("manage.py", "follow"):
                yield server.port
    finally:
        server.stop()


def told(times: dict[str, list[float]], most: float) -> int:
    missed = 0
    for what, taken in times.items():
        is_missed = max(taken) > most
        missed += is_missed
        print(f"{what:28} {statistics.median(taken):6.2f} s, the slowest {max(taken):6.2f}{', missed' * is_missed}")
    return missed


def in_quiet() -> dict[str, list[float]]:
    """Each change by itself, at any moment of the follower's second."""
    chance, times = random.Random(5), dict[str, list[float]]()
    planned = [change for number in range(ROUNDS) for change in changes("quiet", f"q{number}")]
    until_all_is_indexed()
    for change in planned:
        time.sleep(chance.random())
        pending = [change()]
        while pending := still_wrong(pending, times):
            time.sleep(LOOK_EVERY)
    return times


def in_flood(port: int) -> tuple[dict[str, list[float]], float, float]:
    """The times, messages stored a second, and how long after its end all of the flood was in the index."""
    from chat.models import Room

    planned = [
        change for number in range(ROUNDS) for room in ("flooded", "other") for change in changes(room, f"f{number}")
    ]
    until_all_is_indexed()
    times, pending = dict[str, list[float]](), list[Awaited]()
    with beside("-m", "bench.following", "--flood", str(port)):
        said, begun = Room.objects.get(name="flooded").said, time.perf_counter()
        for number, change in enumerate(planned):
            pending.append(change())
            while time.perf_counter() < begun + (number + 1) * FLOOD_SECONDS / len(planned):
                pending = still_wrong(pending, times)
                time.sleep(LOOK_EVERY)
    ended = time.perf_counter()
    rate = (Room.objects.get(name="flooded").said - said) / (ended - begun)
    while pending := still_wrong(pending, times):
        time.sleep(LOOK_EVERY)
    until_all_is_indexed()
    return times, rate, time.perf_counter() - ended


def changes(room: str, mark: str) -> list[Callable[[], Awaited]]:
    """A say, an edit and a deletion to be made; what the latter two change is said at once."""
    from chat.identity import Identity
    from chat.posting import Accepted, Change, commit
    from chat.search.finding import find
    from chat.search.models import Entry
    from chat.search.query import parse
    from chat.verbs import Delete, Edit, Say

    you = Identity("guest-bench", "Bench")
    said, typo, edited, gone = (f"{word}{room}{mark}" for word in ("said", "typo", "edited", "gone"))

    def made(*changes: Change) -> Accepted:
        verdicts, _ = commit(changes)
        assert isinstance(verdicts[-1], Accepted), verdicts
        return verdicts[-1]

    def is_found(word: str) -> bool:
        return bool(find(parse(word), you).hits)

    def say() -> Awaited:
        made(Say(room, you, said))
        return Awaited(f"say, {room}", time.perf_counter(), lambda: is_found(said))

    def edit() -> Awaited:
        made(Edit(room, you, wrong.seq, edited))
        return Awaited(f"edit, {room}", time.perf_counter(), lambda: is_found(edited) and not is_found(typo))

    def delete() -> Awaited:
        made(Delete(room, you, unwanted.seq))
        rows = Entry.objects.filter(message__room__name=room, message__seq=unwanted.seq)
        return Awaited(f"delete, {room}", time.perf_counter(), lambda: not rows.exists())

    wrong, unwanted = made(Say(room, you, typo)), made(Say(room, you, gone))
    return [say, edit, delete]


def still_wrong(pending: list[Awaited], times: dict[str, list[float]]) -> list[Awaited]:
    left = []
    for awaited in pending:
        is_right, seconds = awaited.is_right(), time.perf_counter() - awaited.since
        assert seconds < GIVE_UP, f"{awaited.what}: never"
        if is_right:
            times.setdefault(awaited.what, []).append(seconds)
        else:
            left.append(awaited)
    return left


def until_all_is_indexed() -> None:
    from chat.follower import lag

    deadline = time.perf_counter() + GIVE_UP
    while lag("search"):
        assert time.perf_counter() < deadline
        time.sleep(LOOK_EVERY)


@contextmanager
def beside(*arguments: str) -> Iterator[None]:
    """A process, from its first line on; then it is asked to stop."""
    process = subprocess.Popen([sys.executable, *arguments], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout
        assert process.stdout.readline()
        yield
        process.send_signal(signal.SIGTERM)
        process.wait(30)
    finally:
        process.kill()
        process.wait(10)


class Speech(ChatV1):
    said = texts()

    def message(self, text: str) -> str:
        number = text[: len("~00000000")]
        return super().message(f"{number} {next(self.said)}")


def flood(port: int) -> int:
    crowd = Crowd(port, Speech(CHAT_V1.path, CHAT_V1.mark, CHAT_V1.subprotocol))
    crowd.connect(20, "flooded")
    print("ready", flush=True)
    crowd.flow(10_000_000, 100, FLOOD_SECONDS)
    return 0


if __name__ == "__main__":
    sys.exit(main())
