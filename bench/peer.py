"""The servers that are compared, each started the same way: on one core, beside one Valkey on the other."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from bench import load
from bench.load import Crowd, Dialect
from e2e.servers import ROOT, free_port

PEERS = ROOT / "bench" / "peers"


@dataclass(frozen=True)
class Kind:
    name: str
    command: tuple[str, ...]  # {port} is filled in
    dialect: Dialect
    stores: bool = False
    weight: int = 1  # it is asked for so many fewer messages, as each takes so much longer


PYTHON = sys.executable
PRODUCT = Kind("this product", (PYTHON, "-m", "mysite", "--port", "{port}"), load.CHAT_V1, stores=True)
DAPHNE = Kind(
    "this product on Daphne",
    (PYTHON, "-m", "daphne", "-b", "127.0.0.1", "-p", "{port}", "mysite.asgi:application"),
    load.CHAT_V1,
    stores=True,
    weight=3,
)
TUTORIAL = Kind(
    "Channels tutorial on Daphne, channels_redis.core",
    (PYTHON, "-m", "daphne", "-b", "127.0.0.1", "-p", "{port}", "bench.peers.tutorial:application"),
    load.TUTORIAL,
    weight=15,
)
SOCKET_IO = Kind("socket.io, Redis adapter", ("node", "socketio.mjs"), load.SOCKET_IO)
WS = Kind("ws, bare", ("node", "ws.mjs"), load.WS)
ONE_TRANSACTION = Kind(
    "one transaction per message",
    (PYTHON, "-m", "mysite", "--port", "{port}", "--application", "bench.peers.one_transaction:application"),
    load.CHAT_V1,
    stores=True,
    weight=8,
)
ASGI_SEND = Kind(
    "this product, frames sent by ASGI",
    (PYTHON, "-m", "mysite", "--port", "{port}", "--application", "bench.peers.asgi_send:application"),
    load.CHAT_V1,
    stores=True,
)
TRACED = Kind(
    "this product, its memory traced",
    (PYTHON, "-m", "mysite", "--port", "{port}", "--application", "bench.peers.traced:application"),
    load.CHAT_V1,
    stores=True,
)
BY_WEBSOCKETS, BY_WSPROTO = (
    Kind(
        f"this product, uvicorn's {ws} implementation",
        (PYTHON, "-m", "mysite", "--port", "{port}", "--ws", ws),
        load.CHAT_V1,
        stores=True,
        weight=2,
    )
    for ws in ("websockets", "wsproto")
)
ALL = (PRODUCT, SOCKET_IO, WS, DAPHNE, TUTORIAL)


def install_node_peers() -> None:
    if not (PEERS / "node_modules").exists():
        subprocess.run(["npm", "ci", "--no-audit", "--no-fund", "--silent"], cwd=PEERS, check=True)


def has_node() -> bool:
    return bool(shutil.which("node") and shutil.which("npm"))


def node_versions() -> str:
    lock = json.loads((PEERS / "package-lock.json").read_text())["packages"]
    names = ("socket.io", "@socket.io/redis-adapter", "ws")
    node = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout.strip()
    return ", ".join([f"node {node}", *(f"{name} {lock[f'node_modules/{name}']['version']}" for name in names)])


class Peer:
    """A running server, and what it has used of its core."""

    def __init__(self, kind: Kind, folder: Path, *, core: int = 0, **environment: str) -> None:
        self.kind = kind
        self.port = free_port()
        command = [word.format(port=self.port) for word in kind.command]
        self.environment = os.environ | {"PORT": str(self.port)} | environment
        if kind.stores:
            subprocess.run(
                [PYTHON, "manage.py", "migrate", "--verbosity", "0"], cwd=ROOT, env=self.environment, check=True
            )
        self.log = folder / f"peer-{self.port}.log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                command, cwd=PEERS if command[0] == "node" else ROOT, env=self.environment, stdout=log, stderr=log
            )
        self.measured = psutil.Process(self.process.pid)
        cores = sorted(os.sched_getaffinity(0)) if core < 0 else [core]
        self.measured.cpu_affinity(cores)
        self._wait()

    def _wait(self) -> None:
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            assert self.process.poll() is None, self.log.read_text()[-2000:]
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=2):
                return
            time.sleep(0.05)
        raise TimeoutError(self.log.read_text()[-2000:])

    def cpu(self) -> float:
        """Seconds, user and system, of all its threads."""
        times = self.measured.cpu_times()
        return times.user + times.system

    def memory(self) -> int:
        """Bytes that are its own."""
        return self.measured.memory_full_info().uss

    def crowd(self, count: int, *, rooms: int = 1, cookie: str = "") -> Crowd:
        """So many sockets, spread over so many rooms."""
        crowd = Crowd(self.port, self.kind.dialect, cookie)
        for number in range(rooms):
            crowd.connect(count // rooms, f"bench-{number}")
        return crowd

    def stop(self) -> None:
        self.process.kill()
        self.process.wait(10)
