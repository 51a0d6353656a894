"""Real servers for the tests: `python -m mysite` on a port and a database of its own."""

import os
import random
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
START_TIMEOUT = 30.0  # seconds


def free_port() -> int:
    """Below those that the system gives to clients: else one of them may sit on it when a server comes back to it."""
    while True:
        port = random.randrange(20_000, 32_000)
        with socket.socket() as listener, suppress(OSError):
            listener.bind(("127.0.0.1", port))
            return port


class Server:
    """One process. It may be killed, frozen and started again on the same port."""

    def __init__(
        self,
        folder: Path,
        *,
        daphne: bool = False,
        application: str = "mysite.asgi:application",
        options: tuple[str, ...] = (),
        **environment: str,
    ) -> None:
        self.port = free_port()
        self.daphne = daphne
        self.application = application
        self.options = options  # of `python -m mysite`
        self.log = folder / f"server-{self.port}.log"
        self.environment = {"DATABASE_URL": f"sqlite:///{folder}/db.sqlite3"} | environment
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def ws(self) -> str:
        return f"ws://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        assert self.process
        return self.process.pid

    def manage(self, *arguments: str) -> None:
        environment = os.environ | self.environment
        subprocess.run([sys.executable, "manage.py", *arguments], cwd=ROOT, env=environment, check=True)

    def start(self, *, ready: bool = True) -> "Server":
        serve = (
            ["-m", "daphne", "-b", "127.0.0.1", "-p", str(self.port), self.application]
            if self.daphne
            else ["-m", "mysite", "--port", str(self.port), "--application", self.application, *self.options]
        )
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, *serve], cwd=ROOT, env=os.environ | self.environment, stdout=log, stderr=log
            )
        if ready:
            self.wait_until_ready()
        return self

    def wait_until_ready(self) -> None:
        deadline = time.monotonic() + START_TIMEOUT
        while time.monotonic() < deadline:
            assert self.process
            assert self.process.poll() is None, self.log.read_text()
            with suppress(OSError), urllib.request.urlopen(f"{self.url}/healthz", timeout=2):
                return
            time.sleep(0.02)
        raise TimeoutError(self.log.read_text())

    def signal(self, number: signal.Signals) -> None:
        if self.process and self.process.poll() is None:
            self.process.send_signal(number)

    def kill(self) -> None:
        self.signal(signal.SIGKILL)
        if self.process:
            self.process.wait(10)

    def stop(self, timeout: float = 10.0) -> float:
        """Ask it to end; returns the seconds it took."""
        begun = time.monotonic()
        self.signal(signal.SIGCONT)
        self.signal(signal.SIGTERM)
        if self.process:
            try:
                self.process.wait(timeout)
            except subprocess.TimeoutExpired:
                self.kill()
                raise
        return time.monotonic() - begun
