"""`python -m bench.profile [flow|connects|paced|processes|memory] [sockets] [writing]`: why a figure is what it is.

By py-spy: for each function the share of the samples in which it or something it called was at work, and the same for
each library of the operating system; samples in which a thread only waits are left out. It sees little of the Python in
threads that share the interpreter with a busy event loop, so `flow` first tells the CPU time of both. `processes` looks
at one of two servers of one room. `memory` is by tracemalloc: what an idle connection keeps, by the file that asked.
"""

import argparse
import json
import re
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from pathlib import Path

import psutil

import e2e.environment  # noqa: F401 - settings of its own
from bench import load, peer
from bench.__main__ import known_guest
from bench.machine import describe
from bench.peer import Peer
from e2e.services import Valkey
from mysite.__main__ import allow_many_sockets

SECONDS = 8
WAITING = re.compile(r"epoll_p?wait|_queue_SimpleQueue_get|_worker \(concurrent/futures/thread.py:89\)")
SHOWN = 120
DEFAULTS = {"flow": (300, 1), "connects": (0, 0), "paced": (1000, 1), "processes": (3000, 10), "memory": (5000, 0)}


class Profile:
    def __init__(self, folder: Path, sockets: int, writing: int) -> None:
        self.sockets, self.writing = sockets, writing
        self.folder = folder
        self.valkey = Valkey(folder).start()
        psutil.Process(self.valkey.process.pid).cpu_affinity([load.pin(1)])
        self.servers: list[Peer] = []

    def server(self, kind: peer.Kind = peer.PRODUCT) -> Peer:
        address = f"sqlite:///{self.folder}/db.sqlite3"
        server = Peer(kind, self.folder, REDIS_URL=self.valkey.url, DATABASE_URL=address)
        self.servers.append(server)
        return server

    def stop(self) -> None:
        for server in self.servers:
            server.stop()
        self.valkey.kill()

    def spy(self, server: Peer) -> subprocess.Popen[bytes]:
        spy = [str(Path(sys.executable).parent / "py-spy"), "record", "--native", "-r", "500", "-f", "raw"]
        target = ["-d", str(SECONDS), "-o", str(self.folder / "samples"), "-p", str(server.process.pid)]
        return subprocess.Popen([*spy, *target], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def flow(self) -> None:
        server = self.server()
        crowd = server.crowd(self.sockets)
        crowd.flow(50, self.writing)
        acks, before = crowd.acks, threads(server)
        crowd.flow(1_000_000, self.writing, SECONDS / 2)
        each = [1e6 * (now - then) / (crowd.acks - acks) for now, then in zip(threads(server), before, strict=True)]
        print("CPU for each message: {:.0f} µs in the event loop, {:.0f} µs in the database's threads\n".format(*each))
        with self.spy(server):
            crowd.flow(1_000_000, self.writing, SECONDS + 1)
        self.report()

    def connects(self) -> None:
        server = self.server()
        cookie = known_guest(server)
        server.crowd(50, cookie=cookie).close()
        with self.spy(server) as spying:
            while spying.poll() is None:
                server.crowd(500, cookie=cookie).close()
        self.report()

    def paced(self) -> None:
        server = self.server()
        crowd = server.crowd(self.sockets)
        crowd.pace(20, 20)
        with self.spy(server):
            result = crowd.pace(20 * (SECONDS + 1), 20)
        self.report()
        print(f"\np50 {result.percentile(0.5):.1f} ms, p99 {result.percentile(0.99):.1f} ms, while being looked at")

    def processes(self) -> None:
        servers = [self.server(), self.server()]
        crowd = load.Crowd(servers[0].port, load.CHAT_V1)
        crowd.connect(self.sockets, "bench", tuple(server.port for server in servers))
        crowd.flow(20, self.writing)
        with self.spy(servers[0]):
            crowd.flow(1_000_000, self.writing, SECONDS + 1)
        self.report()

    def memory(self) -> None:
        server = self.server(peer.TRACED)
        cookie = known_guest(server)
        server.crowd(50, cookie=cookie).close()
        time.sleep(1)
        before, own = traced(server), server.memory()
        crowd = server.crowd(self.sockets, cookie=cookie)
        time.sleep(2)
        after, own_after = traced(server), server.memory()
        crowd.close()
        grown = Counter({file: (size - before.get(file, 0)) / self.sockets for file, size in after.items()})
        print(f"{describe()}\n{self.sockets} idle sockets: bytes for each, by the file that asked for them\n")
        for file, size in grown.most_common(30):
            print(f"{size:8,.0f}  {file}")
        print(f"{sum(grown.values()):8,.0f}  all that Python asked for; the process, with the tracing itself, grew by")
        print(f"{(own_after - own) / self.sockets:8,.0f}  for each")

    def report(self) -> None:
        shares: Counter[str] = Counter()
        total = 0
        for line in (self.folder / "samples").read_text().splitlines():
            stack, _, count = line.rpartition(" ")
            if WAITING.search(stack):
                continue
            total += int(count)
            for frame in {re.sub(r":\d+\)$", ")", frame) for frame in stack.split(";")}:
                shares[frame] += int(count)
        print(f"{describe()}\n{total} samples at work of {SECONDS * 500}\n")
        for frame, count in shares.most_common(SHOWN):
            print(f"{count / total:6.1%}  {frame}")


def threads(server: Peer) -> tuple[float, float]:
    """CPU seconds of the main thread, and of all others."""
    spent = {each.id: each.user_time + each.system_time for each in psutil.Process(server.process.pid).threads()}
    main = spent.pop(server.process.pid)
    return main, sum(spent.values())


def traced(server: Peer) -> dict[str, int]:
    with urllib.request.urlopen(f"http://127.0.0.1:{server.port}/traced") as answer:
        return dict(json.load(answer))


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.profile", description=__doc__)
    parser.add_argument("what", nargs="?", default="flow", choices=DEFAULTS)
    parser.add_argument("sockets", nargs="?", type=int)
    parser.add_argument("writing", nargs="?", type=int)
    asked = parser.parse_args()
    sockets, writing = DEFAULTS[asked.what]
    allow_many_sockets()
    with tempfile.TemporaryDirectory() as folder:
        profile = Profile(Path(folder), asked.sockets or sockets, asked.writing or writing)
        try:
            getattr(profile, asked.what)()
        finally:
            profile.stop()


if __name__ == "__main__":
    main()
