"""A real server under limits of the system, innocents who use it, an attacker, and what each attack cost them."""

import asyncio
import json
import os
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import psutil

from e2e.abuse.classroom_rows import ALL
from e2e.abuse.innocents import EVERY, Innocents, Waited
from e2e.abuse.lines import Attacker, Tally
from e2e.abuse.requests import store
from e2e.abuse.rows import SECONDS, Row
from e2e.servers import ROOT, Server
from e2e.services import Postgres, Valkey

BEFORE = 2.0  # seconds that the innocents are watched before the attack
CONTROL_SECONDS = 3.0  # for which a control is attacked
ADDRESS_SPACE = 4 * 1024**3  # bytes; a server that takes more is out of memory
FILES = 8192
SLOWEST = 1.0  # seconds that an acknowledgement, a page or a probe may take
THREADS_MAX = 100  # the stack's pids
PASSWORD = "the right password"

LIMITS = {"CHAT_RATE_LIMIT": "20/10s"}  # the others are then on as well, with their defaults
OFF = {"CHAT_RATE_LIMIT": ""}
PLAIN = ("--ws", "websockets-sansio", "--http", "httptools")  # uvicorn's own
OURS, UNPROTECTED, TUTORIAL = "ours", "without protections", "the tutorial on Daphne"
CONTROLS = (UNPROTECTED, TUTORIAL)


@dataclass
class Outcome:
    before: Waited
    during: Waited
    tally: Tally
    memory: float  # MB by which the server grew
    threads: int
    lost: int
    harm: list[str] = field(default_factory=list)
    missing: str = ""  # in the answers, or what was not expected there

    @property
    def problems(self) -> list[str]:
        return [*self.harm, self.missing] if self.missing else self.harm

    def row(self) -> str:
        answers = ", ".join(f"{count:,} {answer}" for answer, count in self.tally.answers.most_common(5))
        sent = f"{self.tally.bytes / 1e6:.1f} MB, {self.tally.requests:,}"
        cells = (sent, answers or "nothing", self.before.row(), self.during.row())
        return " | ".join((*cells, f"{self.memory:+.0f} MB", str(self.threads), str(self.lost)))


class Watch:
    """How much memory and how many threads a process has had at most."""

    def __init__(self, pid: int) -> None:
        self.process = psutil.Process(pid)
        self.first = self.most = self.threads = 0
        self.is_alive = True
        self._task = asyncio.create_task(self._run())

    def begin(self) -> None:
        """From here on growth is counted."""
        self.first = self.most = self.process.memory_info().rss

    async def _run(self) -> None:
        with suppress(psutil.Error):
            while True:
                self.most = max(self.most, self.process.memory_info().rss)
                self.threads = max(self.threads, self.process.num_threads())
                await asyncio.sleep(0.1)
        self.is_alive = False

    async def stop(self) -> None:
        self._task.cancel()
        await asyncio.wait([self._task])

    @property
    def growth(self) -> float:
        return (self.most - self.first) / 1e6


class Ground:
    """A folder with an empty database that has an account, and servers upon copies of it. `learn`: with LEARN=1."""

    def __init__(self, folder: Path, database: str = "sqlite", *, learn: bool = False) -> None:
        self.folder = folder
        self.postgres = Postgres() if database == "postgres" else None
        self.valkey = Valkey(folder).start() if database == "postgres" else None
        self.environment = {"DJANGO_SETTINGS_MODULE": "mysite.settings", "DJANGO_SUPERUSER_PASSWORD": PASSWORD}
        self.learn = learn
        self.environment["LEARN"] = str(int(learn))
        if self.postgres and self.valkey:
            self.environment |= {"DATABASE_URL": self.postgres.url, "REDIS_URL": self.valkey.url}
        template = Server(folder, **self.environment)
        template.manage("migrate", "--verbosity", "0")
        template.manage(
            "createsuperuser", "--noinput", "--verbosity", "0", "--username", "grace", "--email", "grace@example.com"
        )

    @contextmanager
    def server(self, kind: str) -> Iterator[Server]:
        with tempfile.TemporaryDirectory(prefix="chat-abuse-") as folder:
            if not self.postgres:
                shutil.copy(self.folder / "db.sqlite3", folder)
            server = Server(
                Path(folder),
                daphne=kind == TUTORIAL,
                application=self._application(kind),
                options=PLAIN if kind == UNPROTECTED else (),
                **self.environment,
                **(LIMITS if kind == OURS else OFF),
            )
            try:
                server.start()
                process = psutil.Process(server.pid)
                if hasattr(process, "rlimit"):
                    process.rlimit(psutil.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))
                    process.rlimit(psutil.RLIMIT_NOFILE, (FILES, FILES))
                yield server
            finally:
                server.kill()

    def _application(self, kind: str) -> str:
        if kind == TUTORIAL:
            return "e2e.faults.naive:application"
        return "e2e.abuse.unguarded:application" if kind == UNPROTECTED and self.learn else "mysite.asgi:application"

    def stop(self) -> None:
        if self.valkey:
            self.valkey.kill()
        if self.postgres:
            self.postgres.stop()


@asynccontextmanager
async def standing(database: str = "sqlite", *, learn: bool = False) -> AsyncIterator[Ground]:
    with tempfile.TemporaryDirectory(prefix="chat-abuse-") as folder:
        ground = Ground(Path(folder), database, learn=learn)
        try:
            yield ground
        finally:
            ground.stop()


async def attacked(ground: Ground, name: str, kind: str = OURS) -> Outcome:
    """One row on one server."""
    with ground.server(kind) as server:
        room = f"abuse-{uuid4().hex[:8]}"
        if ALL[name].large_room and kind != TUTORIAL:  # it stores nothing
            await store(Attacker(server.port, room, 0, "127.0.0.77"), f"{room}-large", '"' * 4000)
        innocents = Innocents(server.url, room, tutorial=kind == TUTORIAL)
        watch = Watch(server.pid)
        try:
            async with asyncio.timeout(30):
                while min(map(len, innocents.acked)) < BEFORE / EVERY:
                    await asyncio.sleep(0.05)
            return await _counted(name, kind, server, innocents, watch)
        finally:
            await innocents.cancel()
            await watch.stop()


async def _counted(name: str, kind: str, server: Server, innocents: Innocents, watch: Watch) -> Outcome:
    row, before, log = ALL[name], innocents.waited, server.log.stat().st_size
    seconds = CONTROL_SECONDS if kind != OURS and row.seconds <= SECONDS else row.seconds
    during = innocents.waited = Waited()
    watch.begin()
    tally = await run(name, server.port, innocents.room, seconds)
    log = server.log.stat().st_size - log
    await innocents.stop()
    outcome = Outcome(before, during, tally, watch.growth, watch.threads, innocents.lost)
    outcome.harm = list(harm(row, outcome))
    if not watch.is_alive:
        outcome.harm.append("the server died")
    if innocents.reconnects:
        outcome.harm.append(f"the innocents were cut off {innocents.reconnects} times")
    if row.log and log > row.log * tally.requests:
        outcome.harm.append(f"{log / max(tally.requests, 1):.0f} bytes of log a request")
    outcome.missing = row.expects(tally)
    return outcome


async def run(name: str, port: int, room: str, seconds: float) -> Tally:
    """The attack in a process of its own, which is ended if it does not end."""
    arguments = [sys.executable, "-m", "e2e.abuse.attacker", name, str(port), room, str(seconds)]
    process = await asyncio.create_subprocess_exec(
        *arguments, cwd=ROOT, env=os.environ.copy(), stdout=asyncio.subprocess.PIPE
    )
    try:
        async with asyncio.timeout(seconds + 60):
            output, _ = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    fields = json.loads(output)
    return Tally(**fields | {"answers": Counter(fields["answers"])})


def harm(row: Row, outcome: Outcome) -> Iterator[str]:
    """What others, or the machine, had to bear."""
    during = outcome.during
    slowest = {"acknowledgement": during.acks, "page": during.pages, "probe": during.probes}
    for what, seconds in slowest.items():
        if not seconds:
            yield f"no {what}"
        elif max(seconds) >= SLOWEST:
            yield f"{what} after {max(seconds):.1f} s"
    if during.refused:
        yield f"{during.refused} innocent requests failed"
    if outcome.lost:
        yield f"{outcome.lost} lost"
    if outcome.memory > row.memory:
        yield f"{outcome.memory:.0f} MB, {row.memory:.0f} allowed"
    if outcome.threads > THREADS_MAX:
        yield f"{outcome.threads} threads"
