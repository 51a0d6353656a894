"""Databases of their own, one for each test, which processes share; and what followers did there.

A plugin of conftest.py, for its fixture `elsewhere`: the test runs on SQLite and on PostgreSQL.
"""

import itertools
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import psycopg
import pytest

from chat.tests.effects import TABLE, TABLE_OF_POSTGRES
from e2e.servers import ROOT
from e2e.services import Postgres


def until(is_so: Callable[[], Any], seconds: float = 30.0) -> None:
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.01)


class Elsewhere:
    """Processes are started here, and ended by their id."""

    def __init__(self, url: str, folder: Path) -> None:
        self.environment = os.environ | {"DATABASE_URL": url, "DEBUG": "0"}
        self.folder = folder
        self.processes: list[subprocess.Popen[bytes]] = []
        subprocess.run([sys.executable, "manage.py", "migrate", "--verbosity", "0"], cwd=ROOT, env=self.environment,
                       check=True)  # fmt: skip
        self.database: Any = (
            sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None, timeout=20)
            if url.startswith("sqlite")
            else psycopg.connect(url, autocommit=True)
        )

    def ask(self, statement: str) -> list[tuple[Any, ...]]:
        cursor = self.database.execute(statement)
        return cursor.fetchall() if cursor.description else []

    def start(self, module: ModuleType, *arguments: str) -> subprocess.Popen[bytes]:
        with self.output(len(self.processes)).open("wb") as output:
            process = subprocess.Popen([sys.executable, "-m", module.__name__, *arguments], cwd=ROOT,
                                       env=self.environment, stdout=output, stderr=output)  # fmt: skip
        self.processes.append(process)
        return process

    def output(self, number: int) -> Path:
        return self.folder / f"process-{number}.log"

    def says(self, process: subprocess.Popen[bytes], word: str) -> list[str]:
        """Waits until it has said so; the words of that line."""
        output = self.output(self.processes.index(process))
        until(lambda: any(line.startswith(word) for line in output.read_text().splitlines()))
        return next(line.split() for line in output.read_text().splitlines() if line.startswith(word))

    def end(self) -> None:
        self.database.close()
        for process in self.processes:
            if process.poll() is None:
                process.kill()
            process.wait(10)


@pytest.fixture(scope="module")
def postgres() -> Iterator[Postgres]:
    postgres = Postgres()
    yield postgres
    postgres.stop()


@pytest.fixture(params=["sqlite", "postgres"])
def elsewhere(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Elsewhere]:
    if request.param == "sqlite":
        url, table = f"sqlite:///{tmp_path}/db.sqlite3", TABLE
    else:
        url, table = request.getfixturevalue("postgres").url, TABLE_OF_POSTGRES
    elsewhere = Elsewhere(url, tmp_path)
    elsewhere.ask(table)
    yield elsewhere
    elsewhere.end()


def is_up_to_date(elsewhere: Elsewhere) -> bool:
    """Whether the one follower there has come to the end in all rooms."""
    at_the_end = "SELECT COUNT(*) FROM chat_room JOIN chat_cursor USING (seq) WHERE room_id = chat_room.id"
    return elsewhere.ask(at_the_end) == elsewhere.ask("SELECT COUNT(*) FROM chat_room") != [(0,)]


def who_did_each_once(elsewhere: Elsewhere) -> set[int]:
    """The processes, by what each wrote down: every message in its latest state, and no change twice."""
    rooms = elsewhere.ask("SELECT id, seq FROM chat_room ORDER BY name")
    assert rooms
    workers = set[int]()
    for pk, newest in rooms:
        log = elsewhere.ask(f"SELECT seq, changed_seq, text FROM chat_message WHERE room_id = {pk}")
        effects = elsewhere.ask(f"SELECT id, seq, text, worker FROM effect WHERE room = {pk} ORDER BY place")
        seqs = [seq for _, seq, _, _ in effects]
        assert all(seq < after for seq, after in itertools.pairwise(seqs)), "each change at most once, and in order"
        assert seqs[-1] == newest
        latest = {id: (seq, text) for id, seq, text, _ in effects}
        assert latest == {id: (changed, text) for id, changed, text in log}, "each message in its latest state"
        workers |= {worker for *_, worker in effects}
    return workers
