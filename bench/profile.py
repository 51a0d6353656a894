"""`python -m bench.profile [sockets] [writing]`: where the server's time goes under load, by py-spy.

Prints for each function the share of the samples in which it or something it called was at work, and the same for each
library of the operating system. Samples in which a thread only waits are left out.
"""

import re
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

import psutil

import e2e.environment  # noqa: F401 - settings of its own
from bench import load, peer
from bench.machine import describe
from bench.peer import Peer
from e2e.services import Valkey

SECONDS = 8
WAITING = re.compile(r"epoll_p?wait|_queue_SimpleQueue_get|_worker \(concurrent/futures/thread.py:89\)")
SHOWN = 90


def main() -> None:
    sockets, writing = (int(word) for word in (*sys.argv[1:3], "300", "1")[:2])
    with tempfile.TemporaryDirectory() as folder:
        valkey = Valkey(Path(folder)).start()
        psutil.Process(valkey.process.pid).cpu_affinity([load.pin(1)])  # type: ignore[union-attr]
        address = f"sqlite:///{folder}/db.sqlite3"
        server = Peer(peer.PRODUCT, Path(folder), REDIS_URL=valkey.url, DATABASE_URL=address)
        try:
            crowd = server.crowd(sockets)
            crowd.flow(50, writing)
            samples = Path(folder) / "samples"
            spy = [str(Path(sys.executable).parent / "py-spy"), "record", "--native", "-r", "500", "-f", "raw"]
            target = ["-d", str(SECONDS), "-o", str(samples), "-p", str(server.process.pid)]
            with subprocess.Popen([*spy, *target], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL):
                crowd.flow(1_000_000, writing, SECONDS + 1)
            report(samples.read_text(), f"{sockets} sockets, {writing} writing")
        finally:
            server.stop()
            valkey.kill()


def report(samples: str, what: str) -> None:
    shares: Counter[str] = Counter()
    total = 0
    for line in samples.splitlines():
        stack, _, count = line.rpartition(" ")
        frames = stack.split(";")
        if WAITING.search(stack):
            continue
        total += int(count)
        for frame in {re.sub(r":\d+\)$", ")", frame) for frame in frames}:
            shares[frame] += int(count)
    print(f"{describe()}\n{what}: {total} samples at work\n")
    for frame, count in shares.most_common(SHOWN):
        print(f"{count / total:6.1%}  {frame}")


if __name__ == "__main__":
    main()
