"""The faults, each with what must hold beyond: nothing lost, nothing twice, nothing out of order, all converged."""

import asyncio
import signal
import sqlite3
import time
from collections.abc import Awaitable, Callable
from contextlib import closing, suppress
from pathlib import Path

import httpx
import psutil
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed

from e2e.faults.clients import Burst, Reader, Writer, socket
from e2e.faults.harness import POLL_SECONDS, TRANSPORTS, Account, Stack, running, until
from e2e.faults.removal import removal
from e2e.servers import Server

LINGER_SECONDS = 10.0  # chat.hub.LINGER_SECONDS, for which a process follows a room that everybody left

Scenario = Callable[[], Awaitable[Account]]


def expect(account: Account, holds: bool, what: str) -> None:
    account.notes.append(what if holds else f"FAILED: {what}")


async def kill_one(times: int = 10) -> Account:
    async with running() as stack:
        stack.populate()
        await stack.all_have_heard()
        for n in range(times):
            server = stack.servers[n % 2]
            server.kill()
            await stack.talk(0.5)
            server.start()
            await stack.talk(0.5)
        since = time.monotonic()
        account = await stack.settle(since)
        expect(account, account.recovery_s < 5, "back within 5 s")
        return account


async def kill_both() -> Account:
    async with running() as stack:
        stack.populate()
        await stack.all_have_heard()
        for server in stack.servers:
            server.kill()
        await stack.talk_in_vain(0.5)
        for server in stack.servers:
            server.start(ready=False)
        for server in stack.servers:  # how long a process takes to start is the machine's matter
            await asyncio.to_thread(server.wait_until_ready)
        account = await stack.settle(time.monotonic())
        expect(account, account.recovery_s < 5, "back within 5 s of the restart")
        return account


async def rolling_restart() -> Account:
    async with running() as stack:
        stack.populate()
        await stack.all_have_heard()
        slowest = 0.0
        for server in stack.servers:
            slowest = max(slowest, await asyncio.to_thread(server.stop))
            server.start()
            await stack.talk()
        account = await stack.settle(time.monotonic())
        codes = {code for reader in stack.readers for code in reader.codes}
        expect(account, slowest < 8, f"each process gone within {slowest:.1f} s")
        expect(account, codes == {1012}, f"clients see {sorted(codes)}")
        return account


async def freeze(stack: Stack, server: Server, database: str) -> None:
    """Outside a transaction: SQLite has no way to take the lock from a process that is stopped while it holds it."""
    server.signal(signal.SIGSTOP)
    while database == "sqlite" and is_locked(stack.folder / "db.sqlite3"):
        server.signal(signal.SIGCONT)
        await asyncio.sleep(0.01)
        server.signal(signal.SIGSTOP)


def is_locked(database: Path) -> bool:
    """For longer than the transaction of another server takes."""
    with closing(sqlite3.connect(database, isolation_level=None, timeout=2)) as connection:
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return True
        connection.execute("ROLLBACK")
        return False


async def frozen_server(seconds: float = 60.0, database: str = "sqlite") -> Account:
    async with running(database=database) as stack:
        stack.populate(interval=0.3)
        await stack.all_have_heard()
        first = stack.servers[0]
        await freeze(stack, first, database)
        frozen = time.monotonic()
        stack.front.backends = [stack.servers[1].port]  # a proxy's health check would do the same
        before = {reader: reader.connects for reader in stack.readers}
        target = len(stack.stored())
        while time.monotonic() - frozen < 35 and not all(len(reader.texts) > target + 4 for reader in stack.readers):
            await asyncio.sleep(0.2)
        moved = time.monotonic() - frozen
        await stack.talk(max(0.0, seconds - moved))
        first.signal(signal.SIGCONT)
        account = await stack.settle(time.monotonic())
        expect(account, moved < 35, f"all moved on within {moved:.0f} s")
        account.notes.append(f"{sum(r.connects - before[r] for r in stack.readers)} reconnects")
        return account


async def redis_fault(fault: str) -> Account:
    async with running(start_redis=fault != "absent") as stack:
        assert stack.valkey
        stack.populate()
        await stack.all_have_heard()
        lasting = [reader for reader in stack.readers if reader.transport != "poll"]
        before = [reader.connects for reader in lasting]
        acked = len(stack.acked())
        if fault == "killed":
            stack.valkey.kill()
            await stack.talk(5)
            stack.valkey.start()
        elif fault == "flushed":
            stack.valkey.command("FLUSHALL")
            await stack.talk(2)
        elif fault == "frozen":
            stack.valkey.signal(signal.SIGSTOP)
            await stack.talk(10)
            stack.valkey.signal(signal.SIGCONT)
        elif fault == "absent":
            await stack.talk(5)
        during = len(stack.acked()) - acked
        account = await stack.settle(time.monotonic())
        slowest = max(seconds for writer in stack.writers for seconds in writer.ack_seconds)
        closed = [reader.connects for reader in lasting] != before
        if fault != "flushed":
            expect(account, during > 50, f"{during} acknowledged meanwhile, the slowest after {slowest:.2f} s")
        expect(account, not closed, "no socket closed")
        expect(account, account.recovery_s < POLL_SECONDS + 1, "healed within CHAT_POLL_SECONDS + 1 s")
        return account


async def postgres_killed(seconds: float = 10.0) -> Account:
    async with running(database="postgres") as stack:
        assert stack.postgres
        stack.populate()
        await stack.all_have_heard()
        await asyncio.to_thread(stack.postgres.kill)
        await stack.talk_in_vain(seconds)
        await asyncio.to_thread(stack.postgres.start)
        return await stack.settle(time.monotonic())


async def sqlite_locked(seconds: float = 5.0) -> Account:
    async with running() as stack:
        stack.populate()
        await stack.all_have_heard()
        connection = sqlite3.connect(stack.folder / "db.sqlite3", isolation_level=None)
        connection.execute("BEGIN EXCLUSIVE")
        acked = len(stack.acked())
        await stack.talk_in_vain(seconds)
        during = len(stack.acked()) - acked
        connection.execute("ROLLBACK")
        connection.close()
        account = await stack.settle(time.monotonic())
        expect(account, during <= len(stack.writers), "nothing acknowledged meanwhile")
        return account


async def cut_before_ack(times: int = 100) -> Account:
    async with running() as stack:
        stack.populate(readers=1, writers=4, interval=0.0)
        stack.front.cut_before = b'"ack"'
        while stack.front.cuts < times:
            await asyncio.sleep(0.1)
        stack.front.cut_before = None
        account = await stack.settle(time.monotonic())
        account.notes.append(f"{stack.front.cuts} cut between commit and ack")
        return account


async def cut_again_and_again(times: int = 30, every: float = 10.0, length: float = 2.0) -> Account:
    async with running() as stack:
        stack.populate()
        # Who is not cut goes on: else there might be nothing that those who are miss.
        stack.writers.append(Writer(lambda: stack.other.url, stack.room, "uncut", 0.05))
        for _ in range(times):
            await stack.talk(every - length)
            await stack.all_have_heard()
            stack.front.cut()
            await stack.talk(length)
            stack.front.mend()
        account = await stack.settle(time.monotonic())
        delivered = 1 - account.lost / max(1, account.acked * len(stack.readers))
        expect(account, delivered == 1, f"{delivered:.1%} delivered")
        return account


async def black_hole() -> Account:
    async with running() as stack:
        stack.populate(interval=0.3)
        await stack.all_have_heard()
        stack.front.freeze()
        begun = time.monotonic()
        await asyncio.sleep(1)
        # The line stays dead for those who are on it; whoever gives it up finds a new one.
        stack.front = stack.other
        target = len(stack.stored())
        while time.monotonic() - begun < 60 and not all(len(r.texts) > target + 4 for r in stack.readers):
            await asyncio.sleep(0.2)
        resumed = time.monotonic() - begun
        account = await stack.settle(time.monotonic())
        expect(account, resumed < 45, f"closed and resumed within {resumed:.0f} s")
        return account


class Joiner(Reader):
    """Joins a little behind; one who was so slow to connect that the room asks for the page begins where it is now."""

    def __init__(self, stack: Stack, transport: str, behind: int) -> None:
        super().__init__(stack.base, stack.room, transport)
        self.stack = stack
        self.seq = self.start = max(0, self.newest() - behind)

    async def _load_page(self) -> None:
        self.heard.clear()
        self.seq = self.start = self.newest()

    def newest(self) -> int:
        return max(self.stack.acked(), default=0)


async def joining_a_burst(times: int = 100, rate: float = 500.0) -> Account:
    async with running() as stack:
        stack.writers = [Burst(lambda: stack.front.url, stack.room, f"b{n}", 4 / rate) for n in range(4)]
        await stack.talk(2)
        begun, already = time.monotonic(), len(stack.acked())
        joined: list[Joiner] = []
        for n in range(times):
            joined.append(Joiner(stack, TRANSPORTS[n % 3], behind=100 * (n % 3)))
            await asyncio.sleep(0.1)
            if n >= 10:  # each stays for a second
                await once_heard(joined[n - 10])
                await joined[n - 10].stop()
        spoken = (len(stack.acked()) - already) / (time.monotonic() - begun)
        for reader in joined:
            await once_heard(reader)
            await reader.stop()
        stack.readers.append(Reader(lambda: stack.front.url, stack.room))
        account = await stack.settle(time.monotonic())
        gaps = sum(sorted(r.heard) != [*range(r.start + 1, r.start + 1 + len(r.heard))] for r in joined)
        account.duplicated += sum(reader.duplicated for reader in joined)
        account.reordered += sum(reader.reordered for reader in joined)
        account.lost += gaps
        expect(account, gaps == 0, f"{times} joins without a gap, at {spoken:.0f} messages a second")
        expect(account, all(reader.heard for reader in joined), "each heard something")
        return account


async def once_heard(reader: Reader, within: float = 10.0) -> None:
    """Wait until it heard something: on a busy machine a connection alone may take longer than a join is watched."""
    deadline = time.monotonic() + within
    while not reader.heard and time.monotonic() < deadline:
        await asyncio.sleep(0.05)


async def on_daphne() -> Account:
    async with running(daphne=True) as stack:
        stack.populate()
        await stack.all_have_heard()
        stack.servers[0].kill()
        await stack.talk()
        stack.servers[0].start()
        return await stack.settle(time.monotonic())


async def on_postgres() -> Account:
    async with running(database="postgres") as stack:
        stack.populate()
        await stack.all_have_heard()
        stack.servers[0].kill()
        await stack.talk()
        stack.servers[0].start()
        return await stack.settle(time.monotonic())


async def slow_reader(megabytes: int = 60) -> Account:
    """One who stops reading, while the room is sent more than the server could keep for it."""
    async with running(servers=1) as stack:
        stack.populate(readers=1, writers=0)
        process = psutil.Process(stack.servers[0].pid)
        quiet = await loud(stack, megabytes / 6)
        memory = process.memory_info().rss
        slow, slower = [await socket(stack.servers[0].url, stack.room, max_queue=1) for _ in range(2)]
        for each in (slow, slower):
            each.transport.pause_reading()
        beside = await loud(stack, megabytes / 4)
        code = await read_again(slow)
        beside = max(beside, await loud(stack, megabytes * 3 / 4))
        grown = (process.memory_info().rss - memory) / 1e6
        code_later = await read_again(slower)
        account = await stack.settle(time.monotonic())
        expect(account, code == 4408, f"closed with {code}")
        expect(account, code_later == 1006, f"closed with {code_later} after more than 30 s")
        expect(account, grown < 20, f"the server grew by {grown:.0f} MB")
        expect(
            account,
            beside < 2 * quiet,
            f"others' p95 {quiet * 1000:.0f} ms, then {beside * 1000:.0f} ms",
        )
        return account


async def read_again(slow: ClientConnection) -> int | None:
    """Reads to the end; returns the close code."""
    slow.transport.resume_reading()
    with suppress(ConnectionClosed):
        while True:
            await slow.recv()
    return slow.close_code


async def loud(stack: Stack, megabytes: float, rate: float = 120.0) -> float:
    """Send so much to each reader; returns the 95th percentile of the latency on a WebSocket, in seconds."""
    length, frame = 3900, 8300  # characters of a message, bytes of its event
    readers = [reader for reader in stack.readers if reader.transport == "websocket"]
    for reader in readers:
        reader.latencies.clear()
    writers = [
        Burst(lambda: stack.front.url, stack.room, f"b{time.monotonic()}-{n}", 2 / rate, length) for n in range(2)
    ]
    stack.writers += writers
    while sum(len(writer.acked) for writer in writers) * frame < megabytes * 1e6:
        await asyncio.sleep(0.2)
    for writer in writers:
        await writer.stop()
    latencies = sorted(latency for reader in readers for latency in reader.latencies)
    return latencies[int(len(latencies) * 0.95)]


async def thousand_sockets(count: int = 1000) -> Account:
    """All on one of two servers when it dies; the other one has to take them, and still serves pages."""
    async with running() as stack:
        first, second = stack.servers
        stack.front.backends = [first.port]
        stack.readers = [Reader(lambda: stack.front.url, stack.room) for _ in range(count)]
        stack.writers = [Writer(lambda: stack.front.url, stack.room, "w", 0.5)]
        while not all(reader.connects for reader in stack.readers):
            await asyncio.sleep(0.2)
        stack.front.backends = [second.port]
        first.kill()
        died = time.monotonic()
        slowest = 0.0
        async with httpx.AsyncClient(base_url=stack.front.url, timeout=15) as client:
            while not all(reader.connects > 1 for reader in stack.readers) and time.monotonic() - died < 30:
                begun = time.monotonic()
                (await client.get(f"/chat/{stack.room}/")).raise_for_status()
                slowest = max(slowest, time.monotonic() - begun)
        back = time.monotonic() - died
        account = await stack.settle(time.monotonic())
        expect(account, back < 15, f"{count} back within {back:.1f} s, the slowest page {slowest:.1f} s")
        return account


async def away_for(messages: int = 600) -> Account:
    async with running() as stack:
        stack.populate(readers=1, writers=1)
        await stack.all_have_heard()
        stack.other.cut()
        away = [Reader(lambda: stack.other.url, stack.room, transport) for transport in TRANSPORTS]
        for reader, present in zip(away, stack.readers, strict=True):
            reader.seq, reader.texts = present.seq, dict(present.texts)
        stack.writers += [Burst(lambda: stack.front.url, stack.room, "b", 0.004)]
        while len(stack.acked()) < messages + 50:
            await asyncio.sleep(0.1)
        stack.other.mend()
        stack.readers += away
        account = await stack.settle(time.monotonic())
        expect(account, all(reader.resets == 1 for reader in away), "each told `reset` once")
        return account


async def connects_and_disconnects(count: int = 10_000, at_once: int = 50) -> Account:
    async with running(servers=1) as stack:
        assert stack.valkey
        stack.populate(readers=1, writers=1, interval=0.5)
        process = psutil.Process(stack.servers[0].pid)

        async def come_and_go(times: int) -> None:
            for n in range(times):
                async with socket(stack.servers[0].url, f"{stack.room}-{n % 20}", 0) as line:
                    await line.recv()

        async def all_of(times: int) -> tuple[float, int, bytes]:
            async with asyncio.TaskGroup() as group:
                for _ in range(at_once):
                    group.create_task(come_and_go(times // at_once))
            await asyncio.sleep(LINGER_SECONDS + 2 * POLL_SECONDS + 1)
            subscriptions = await asyncio.to_thread(stack.valkey.command, "PUBSUB", "CHANNELS")
            return process.memory_info().rss / 1e6, process.num_fds(), subscriptions.split(b"\r\n")[0]

        warm = await all_of(count // 5)
        memory, files, subscriptions = await all_of(count)
        account = await stack.settle(time.monotonic())
        expect(account, memory - warm[0] < 5, f"memory {warm[0]:.0f} to {memory:.0f} MB")
        expect(account, abs(files - warm[1]) <= 3, f"file descriptors {warm[1]} to {files}")
        expect(account, subscriptions == warm[2], f"subscriptions {warm[2].decode()} to {subscriptions.decode()}")
        return account


async def idle(redis: bool, daphne: bool = False, seconds: float = 60.0) -> Account:
    async with running(servers=1, redis=redis, daphne=daphne) as stack:
        stack.populate(readers=2, writers=0)
        lasting = [reader for reader in stack.readers if reader.transport != "poll"]
        await until(lambda: all(reader.connects for reader in lasting), "all are connected")
        before = [reader.connects for reader in lasting]
        await asyncio.sleep(seconds)
        closed = [reader.connects for reader in lasting] != before
        stack.writers = [Writer(lambda: stack.front.url, stack.room, "w", 0.05)]
        await stack.talk()
        account = await stack.settle(time.monotonic())
        expect(account, not closed, "no socket closed")
        return account


FAULTS: dict[str, Scenario] = {
    "kill -9 of one of two servers, ten times": kill_one,
    "kill -9 of both servers": kill_both,
    "kill -9 of one of two, on PostgreSQL": on_postgres,
    "kill -9 of one of two, on Daphne": on_daphne,
    "SIGTERM, one after the other": rolling_restart,
    "a server frozen for 60 s": frozen_server,
    "a server frozen for 60 s, on PostgreSQL": lambda: frozen_server(database="postgres"),
    "Redis killed for 5 s": lambda: redis_fault("killed"),
    "Redis: FLUSHALL": lambda: redis_fault("flushed"),
    "Redis frozen for 10 s": lambda: redis_fault("frozen"),
    "Redis absent from the start": lambda: redis_fault("absent"),
    "PostgreSQL killed for 10 s": postgres_killed,
    "SQLite locked for 5 s": sqlite_locked,
    "cut between commit and ack, 100 times": cut_before_ack,
    "a 2 s cut every 10 s, 30 times": cut_again_and_again,
    "a black hole without a reset": black_hole,
    "100 joins during a burst": joining_a_burst,
    "a reader that stops reading, 60 MB": slow_reader,
    "1,000 sockets when their server dies": thousand_sockets,
    "away for 600 messages": away_for,
    "a member removed 200 times, Redis frozen half of the time": removal,
    "a member removed 200 times, on PostgreSQL": lambda: removal(database="postgres"),
    "10,000 connects and disconnects": connects_and_disconnects,
    "60 s idle, Redis": lambda: idle(redis=True),
    "60 s idle, in memory": lambda: idle(redis=False),
    "60 s idle, Redis, on Daphne": lambda: idle(redis=True, daphne=True),
}
# What `make test` runs, shortened: the rest is `make faults`.
QUICK: dict[str, Scenario] = {
    "kill -9 of both servers": kill_both,
    "kill -9 of one of two, on PostgreSQL": on_postgres,
    "SIGTERM, one after the other": rolling_restart,
    "Redis killed for 5 s": lambda: redis_fault("killed"),
    "Redis absent from the start": lambda: redis_fault("absent"),
    "PostgreSQL killed for 4 s": lambda: postgres_killed(4),
    "SQLite locked for 5 s": sqlite_locked,
    "cut between commit and ack, 20 times": lambda: cut_before_ack(20),
    "a 2 s cut every 4 s, 3 times": lambda: cut_again_and_again(3, 4),
    "20 joins during a burst": lambda: joining_a_burst(20, rate=100),
    "away for 600 messages": away_for,
    "a member removed 20 times, Redis frozen half of the time": lambda: removal(20),
}
