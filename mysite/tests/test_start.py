"""`make run`: one process, which makes its tables, says where it is, and answers there."""

import os
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn

from e2e.servers import ROOT, free_port
from mysite import __main__ as start, lifespan


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return os.environ | {"DATABASE_URL": f"sqlite:///{tmp_path}/db.sqlite3", "PORT": str(free_port())}


def make_run(environment: dict[str, str]) -> subprocess.Popen[str]:
    """With the packages that are installed, wherever that is."""
    command = ["make", "--no-print-directory", "--old-file=.venv/run", f"BIN={Path(sys.executable).parent}", "run"]
    return subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        start_new_session=True,
    )  # fmt: skip


@pytest.fixture
def running(environment: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    with make_run(environment) as make:
        yield make
        os.killpg(make.pid, signal.SIGINT)


def test_the_page_is_there_when_its_address_is_printed(
    running: subprocess.Popen[str], environment: dict[str, str]
) -> None:
    assert running.stdout
    address = f"http://localhost:{environment['PORT']}/"
    assert running.stdout.readline() == f"Open {address} in two browsers. Ctrl-C stops the server.\n"
    with urllib.request.urlopen(f"{address}chat/", timeout=10) as page:
        assert page.status == 200


def test_without_an_administrator_the_next_line_says_how_to_make_one(
    running: subprocess.Popen[str], environment: dict[str, str]
) -> None:
    assert running.stdout
    running.stdout.readline()
    line = running.stdout.readline()
    assert line == "There is no administrator yet; this makes one: .venv/bin/python manage.py createsuperuser\n"
    make = [sys.executable, "manage.py", "createsuperuser", "--no-input", "--username", "Root", "--email", ""]
    done = subprocess.run(make, cwd=ROOT, env=environment | {"DJANGO_SUPERUSER_PASSWORD": "long enough"}, timeout=60)
    assert done.returncode == 0
    server = [sys.executable, "-m", "mysite", "--announce", "--port", str(free_port())]
    with subprocess.Popen(server, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as again:
        assert again.stdout
        assert "Ctrl-C" in again.stdout.readline()
        again.send_signal(signal.SIGINT)
        assert again.stdout.read() == ""


def test_without_a_database_it_ends_with_one_line(environment: dict[str, str]) -> None:
    environment["DATABASE_URL"] = "postgres://ada:hush@127.0.0.1:1/chat"
    done = subprocess.run(
        [sys.executable, "-m", "mysite", "--migrate"], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert line.startswith("database: ")
    assert "hush" not in line


@pytest.mark.parametrize(
    ("host", "named"),
    [
        ("127.0.0.1", "localhost"), ("0.0.0.0", "localhost"), ("::1", "localhost"),
        ("192.168.1.5", "192.168.1.5"), ("fd00::5", "[fd00::5]"), ("chat.example.com", "chat.example.com"),
    ],
)  # fmt: skip
def test_the_address_has_a_host_that_a_browser_reaches(host: str, named: str) -> None:
    assert start.seen_from_here(host) == named


@pytest.mark.parametrize("options", [[], ["--follow"]])
def test_followers_run_in_the_server_only_if_asked_for(monkeypatch: pytest.MonkeyPatch, options: list[str]) -> None:
    monkeypatch.setattr(lifespan, "with_followers", None)
    monkeypatch.setattr(start, "allow_many_sockets", lambda: None)
    monkeypatch.setattr(start, "look_at_database", lambda *, migrate: True)
    monkeypatch.setattr(uvicorn.Server, "run", lambda self: None)
    monkeypatch.setattr(sys, "argv", ["mysite", *options])
    start.main()
    assert lifespan.with_followers is bool(options)


async def test_followers_start_and_stop_with_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    class Stop:
        is_set = False

        def set(self) -> None:
            self.is_set = True

    stop, sent = Stop(), []
    monkeypatch.setattr(lifespan, "with_followers", True)
    monkeypatch.setattr(lifespan.follower, "in_thread", lambda followers: stop)
    monkeypatch.setattr(lifespan, "end_streams_on_signals", lambda: None)
    messages = iter(["lifespan.startup", "lifespan.shutdown"])

    async def receive() -> dict[str, str]:
        return {"type": next(messages)}

    async def send(message: dict[str, Any]) -> None:
        sent.append((message["type"], stop.is_set))

    await lifespan.lifespan({"type": "lifespan"}, receive, send)
    assert sent == [("lifespan.startup.complete", False), ("lifespan.shutdown.complete", True)]
