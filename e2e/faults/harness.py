"""Real servers, writers and readers, and the account of what was acknowledged, stored and seen after a fault."""

import asyncio
import sqlite3
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import psycopg

from e2e.faults.clients import Base, Reader, Writer
from e2e.faults.front import Front
from e2e.servers import Server
from e2e.services import Postgres, Valkey

POLL_SECONDS = 2.0  # CHAT_POLL_SECONDS in the tests: shorter, so that they are
CONVERGE = 40.0  # seconds after which readers that do not agree have failed
TRANSPORTS = ("websocket", "events", "poll")
STORED = """SELECT m.seq, m.text FROM chat_message m JOIN chat_room r ON r.id = m.room_id
    WHERE r.name = '{room}' AND m.deleted_at IS NULL"""


@dataclass
class Account:
    """What a fault did. `recovery_s` is how long after its end the last reader had everything."""

    sent: int = 0
    acked: int = 0
    stored: int = 0
    lost: int = 0
    duplicated: int = 0
    reordered: int = 0
    converged: bool = False
    recovery_s: float = 0.0
    notes: list[str] = field(default_factory=list)

    def row(self) -> str:
        converged = "yes" if self.converged else "no"
        figures = (self.sent, self.acked, self.stored, self.lost, self.duplicated, self.reordered, converged)
        return " | ".join(map(str, (*figures, f"{self.recovery_s:.1f}", "; ".join(self.notes))))

    @property
    def failures(self) -> list[str]:
        return [note for note in self.notes if note.startswith("FAILED")]

    @property
    def is_clean(self) -> bool:
        return self.converged and not (self.lost or self.duplicated or self.reordered) and self.acked == self.stored


async def until(holds: Callable[[], bool], what: str, within: float = 60.0) -> None:
    """Wait for what has to happen: a fault that begins or ends by the clock may pass while nobody speaks."""
    deadline = time.monotonic() + within
    while not holds():
        if time.monotonic() > deadline:
            raise TimeoutError(f"not within {within:.0f} s: {what}")
        await asyncio.sleep(0.02)


class Conversation:
    """Writers and readers on every transport in a room of their own, and the account of what they were told."""

    def __init__(self, base: Base) -> None:
        self.base = base
        self.room = f"room-{uuid4().hex[:8]}"
        self.readers: list[Reader] = []
        self.writers: list[Writer] = []

    def populate(self, *, readers: int = 2, writers: int = 4, interval: float = 0.05) -> None:
        for transport in TRANSPORTS:
            self.readers += [Reader(self.base, self.room, transport) for _ in range(readers)]
        self.writers += [Writer(self.base, self.room, f"w{n}", interval) for n in range(writers)]

    async def all_have_heard(self, more: int = 1) -> None:
        """Wait until every reader has heard so much more than by now."""
        enough = {reader: len(reader.heard) + more for reader in self.readers}
        await until(
            lambda: all(len(reader.heard) >= count for reader, count in enough.items()), "every reader hears something"
        )

    async def talk(self, seconds: float = 1.0) -> None:
        """Let them talk for so long at least, and until something that was said meanwhile is acknowledged.

        Each writer may have been waiting for one answer when this began: what is acknowledged beyond those is new.
        """
        enough = len(self.acked()) + len(self.writers) + 1
        await asyncio.sleep(seconds)
        await until(lambda: len(self.acked()) >= enough, "something is said and acknowledged")

    async def talk_in_vain(self, seconds: float) -> None:
        """Let them talk while nobody can be answered, for so long at least, and until each waits for an answer."""
        await asyncio.sleep(seconds)
        await until(
            lambda: all(writer.sent > len(writer.acked) for writer in self.writers), "every writer waits for an answer"
        )

    def acked(self) -> dict[int, str]:
        return {seq: text for writer in self.writers for seq, text in writer.acked.values()}

    def stored(self) -> dict[int, str]:
        """What the database holds, asked without the application."""
        raise NotImplementedError

    async def settle(self, since: float) -> Account:
        """Let the writers finish, wait until every reader has it all, and count."""
        for writer in self.writers:
            await writer.stop()
        stored, acked = self.stored(), self.acked()
        deadline = time.monotonic() + CONVERGE
        while time.monotonic() < deadline and any(reader.texts != stored for reader in self.readers):
            await asyncio.sleep(0.05)
        account = Account(
            sent=sum(writer.sent for writer in self.writers),
            acked=sum(len(writer.acked) for writer in self.writers),
            stored=len(stored),
            lost=sum(text != reader.texts.get(seq) for reader in self.readers for seq, text in acked.items())
            + sum(stored.get(seq) != text for seq, text in acked.items()),
            duplicated=sum(reader.duplicated for reader in self.readers) + len(stored) - len(set(stored.values())),
            reordered=sum(reader.reordered for reader in self.readers),
            converged=all(reader.texts == stored for reader in self.readers),
            recovery_s=time.monotonic() - since,
        )
        refused = sum((writer.refused for writer in self.writers), start=Counter[str]())
        if refused:
            account.notes.append(", ".join(f"{count} {code}" for code, count in refused.items()))
        return account

    async def close(self) -> None:
        for writer in self.writers:
            writer.task.cancel()
        for reader in self.readers:
            await reader.stop()


class Stack(Conversation):
    """Two servers, one database, one Redis, and a front that fails on demand, with another that does not meanwhile."""

    def __init__(
        self, folder: Path, *, database: str, redis: bool, servers: int, daphne: bool, application: str,
        options: tuple[str, ...],
    ) -> None:  # fmt: skip
        super().__init__(lambda: self.front.url)
        self.folder = folder
        self.postgres = Postgres() if database == "postgres" else None
        self.valkey = Valkey(folder) if redis else None
        environment = {
            "DATABASE_URL": self.postgres.url if self.postgres else f"sqlite:///{folder}/db.sqlite3",
            "CHAT_POLL_SECONDS": str(POLL_SECONDS),
            "REDIS_URL": self.valkey.url if self.valkey else "",
            "DJANGO_SETTINGS_MODULE": "mysite.settings",
        }
        self.servers = [Server(folder, daphne=daphne, application=application, options=options, **environment)
                        for _ in range(servers)]  # fmt: skip
        self.fronts = [Front(*(server.port for server in self.servers)) for _ in range(2)]
        self.front, self.other = self.fronts

    def start(self, *, redis: bool = True) -> None:
        if self.valkey and redis:
            self.valkey.start()
        self.servers[0].manage("migrate", "--verbosity", "0")
        for server in self.servers:
            server.start(ready=False)
        for server in self.servers:
            server.wait_until_ready()

    def stored(self) -> dict[int, str]:
        query = STORED.format(room=self.room)
        if self.postgres:
            with psycopg.connect(self.postgres.url) as connection:
                return dict(connection.execute(query).fetchall())
        with closing(sqlite3.connect(self.folder / "db.sqlite3")) as connection:
            return dict(connection.execute(query).fetchall())

    def stop(self) -> None:
        for front in self.fronts:
            front.stop()
        for server in self.servers:
            server.kill()
        if self.valkey:
            self.valkey.kill()
        if self.postgres:
            self.postgres.stop()


@asynccontextmanager
async def running(
    *, database: str = "sqlite", redis: bool = True, servers: int = 2, daphne: bool = False, start_redis: bool = True,
    application: str = "mysite.asgi:application", options: tuple[str, ...] = (),
) -> AsyncIterator[Stack]:  # fmt: skip
    with tempfile.TemporaryDirectory(prefix="chat-faults-") as folder:
        stack = Stack(
            Path(folder), database=database, redis=redis, servers=servers, daphne=daphne, application=application,
            options=options,
        )  # fmt: skip
        try:
            stack.start(redis=start_redis)
            yield stack
            await stack.close()
        finally:
            stack.stop()
