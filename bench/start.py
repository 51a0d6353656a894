"""`python -m bench.start`: from `make run` to the first answer, on a machine where all is installed.

The CPU time, user and system, of all that `make` started is less disturbed by other work than the time on the clock.
"""

import argparse
import os
import signal
import statistics
import subprocess
import tempfile
import time
import urllib.request
from contextlib import suppress
from itertools import batched
from pathlib import Path

import psutil

from e2e.servers import ROOT, free_port

PAGES = ("/healthz", "/chat/")
LIMIT = 60.0  # seconds


def start(database: Path) -> list[float]:
    """For each page: milliseconds until it was answered with 200, and of CPU until then."""
    port = free_port()
    environment = os.environ | {"PORT": str(port), "DATABASE_URL": f"sqlite:///{database}", "DEBUG": "1"}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # compiled anew at each start, it would not be installed
    begun = time.perf_counter()
    make = psutil.Popen(
        ["make", "run"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        figures = []
        for page in PAGES:
            wait_for(f"http://127.0.0.1:{port}{page}", begun + LIMIT)
            figures += [(time.perf_counter() - begun) * 1000, cpu(make) * 1000]
        return figures
    finally:
        os.killpg(make.pid, signal.SIGTERM)
        make.wait(10)


def wait_for(url: str, deadline: float) -> None:
    while time.perf_counter() < deadline:
        with suppress(OSError), urllib.request.urlopen(url, timeout=LIMIT):
            return
        time.sleep(0.005)
    raise TimeoutError(url)


def cpu(process: psutil.Process) -> float:
    """Seconds, of it, of its children, and of those that have ended."""
    return sum(sum(each.cpu_times()[:4]) for each in (process, *process.children(recursive=True)))


def report(name: str, rounds: list[list[float]]) -> None:
    medians = [statistics.median(figures) for figures in zip(*rounds, strict=True)]
    figures = zip(PAGES, batched(medians, 2), strict=True)
    cells = [f"{page} after {clock:,.0f} ms, {used:,.0f} ms of CPU" for page, (clock, used) in figures]
    print(f"{name}: {'; '.join(cells)}")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.start", description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory(prefix="chat-start-") as folder:
        new = [start(Path(folder) / f"{number}.sqlite3") for number in range(rounds + 1)]
        again = [start(Path(folder) / f"{number}.sqlite3") for number in range(rounds)]
    report("a new database", new[1:])  # the first one compiles
    report("a database that is migrated", again)


if __name__ == "__main__":
    main()
