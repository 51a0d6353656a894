"""Faults that operators make, planted one by one: the doctor names each, with a fix, and in time."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.test import override_settings

from chat.tests.proxy import make_certificate, proxy
from e2e.servers import ROOT, Server, free_port
from e2e.services import Postgres, Valkey
from ops.doctor import address, disk
from ops.doctor.asked import Asked

KEY = "y8Jd0bq2mQxv7T3nRz5KfWc9LhPs4AuE6gVtXiMoNw1CjB-kD_"


@dataclass
class Told:
    output: str
    status: int

    def names(self, level: str, text: str) -> bool:
        """Is there a line of that level with the text, and a fix below it?"""
        return re.search(rf"^{level} .*{re.escape(text)}.*\n {{6}}fix: \S", self.output, re.MULTILINE) is not None

    @property
    def faults(self) -> list[str]:
        return re.findall(r"^FAIL  (.*)", self.output, re.MULTILINE)


def doctor(*arguments: str, **environment: str) -> Told:
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    command = [sys.executable, "manage.py", "doctor", *arguments]
    settings = kept | {"SECRET_KEY": KEY} | environment
    done = subprocess.run(command, cwd=ROOT, env=settings, capture_output=True, text=True, timeout=60)
    assert done.stderr == ""
    assert "Traceback" not in done.stdout
    return Told(done.stdout, done.returncode)


@pytest.fixture(scope="module")
def valkey(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Valkey]:
    valkey = Valkey(tmp_path_factory.mktemp("redis")).start()
    yield valkey
    valkey.kill()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("doctor"), SECRET_KEY=KEY)
    server.manage("migrate", "--verbosity", "0")
    yield server.start()
    server.stop()


@pytest.fixture
def database(server: Server) -> dict[str, str]:
    return {"DATABASE_URL": server.environment["DATABASE_URL"]}


def test_where_all_is_well_nothing_fails(server: Server, valkey: Valkey, database: dict[str, str]) -> None:
    told = doctor("--url", server.url, REDIS_URL=f"{valkey.url},{valkey.url}", **database)
    assert (told.faults, told.status) == ([], 0), told.output
    for line in (
        "database: SQLite",
        "migrations: all",
        "channel layer: a wake-up arrives",
        "WebSocket: opens",
        "SSE: ",
    ):
        assert f"ok    {line}" in told.output


def test_warnings_fail_only_where_they_are_asked_to(database: dict[str, str]) -> None:
    assert doctor(DEBUG="1", **database).status == 0
    told = doctor("--strict", DEBUG="1", **database)
    assert told.names("warn", "DEBUG: on")
    assert told.status == 1


@pytest.mark.parametrize(
    ("arguments", "environment", "fault"),
    [
        ("", {"SECRET_KEY": "too short"}, "SECRET_KEY: 9 characters"),
        ("", {"SECRET_KEY": "a" * 60}, "SECRET_KEY: 60 characters, 1 different ones"),
        (
            "",
            {"SECRET_KEY": "a key for development alone; DEBUG=0 asks for your own"},
            "SECRET_KEY: one that everybody",
        ),
        ("", {"SECRET_KEY": f"django-insecure-{KEY}"}, "SECRET_KEY: one that everybody"),
        ("--url https://chat.invalid", {"DEBUG": "1"}, "DEBUG: on"),
        ("--url https://chat.invalid", {}, "chat.invalid is none of localhost,127.0.0.1"),
        ("--url https://chat.invalid", {}, "chat.invalid is no name"),
        ("--url http://localhost:9", {}, "http://localhost:9: ConnectionRefused"),
        ("--processes 2", {}, "processes: --processes=2, and the channel layer is in the memory of each"),
        ("", {"WEB_CONCURRENCY": "4"}, "processes: WEB_CONCURRENCY=4, and the channel layer"),
        ("", {"REDIS_URL": "redis://:hunter2@localhost:9"}, "redis: localhost:9 does not answer"),
        ("", {"DATABASE_URL": "postgres://ada:hunter2@localhost:9/chat"}, "Connection refused"),
        ("", {"DATABASE_URL": "sqlite:////nowhere/db.sqlite3"}, "/nowhere/db.sqlite3 does not exist"),
        ("--min-free 999999999", {}, "less than 999,999,999"),
    ],
)
def test_a_wrong_setting_is_named(
    database: dict[str, str], arguments: str, environment: dict[str, str], fault: str
) -> None:
    told = doctor(*arguments.split(), **(database | environment))
    assert told.names("FAIL", fault), told.output
    assert told.status == 1
    assert "hunter2" not in told.output


def test_an_address_that_is_none_is_one_line() -> None:
    command = [sys.executable, "manage.py", "doctor", "--url", "chat.example.com"]
    done = subprocess.run(command, cwd=ROOT, env=os.environ, capture_output=True, text=True)
    assert done.returncode != 0
    assert "'chat.example.com' is not an address such as" in done.stderr.splitlines()[-1]


def test_a_migration_that_is_missing_is_named(tmp_path: Path) -> None:
    server = Server(tmp_path)
    server.manage("migrate", "auth", "--verbosity", "0")
    told = doctor(**server.environment)
    assert told.names("FAIL", "migrations: not applied: accounts.0001_initial, account.0001_initial, ")


def test_postgresql_is_looked_at_and_named_when_it_is_down() -> None:
    postgres = Postgres()
    try:
        told = doctor("--processes", "50", DATABASE_URL=postgres.url)
        assert "clock: agrees with the database's" in told.output
        assert told.names("FAIL", "migrations: not applied")
        assert told.names("warn", "connections: 50 processes may take 500 of 100")
        postgres.kill()
        assert doctor(DATABASE_URL=postgres.url).names("FAIL", "database: OperationalError")
    finally:
        postgres.stop()


def test_the_limits_of_redis_that_harm_us_are_named(valkey: Valkey, database: dict[str, str]) -> None:
    bad = {"timeout": "10", "tcp-keepalive": "0", "client-output-buffer-limit": '"pubsub 1mb 512kb 60"'}
    good = {"timeout": "0", "tcp-keepalive": "300", "client-output-buffer-limit": '"pubsub 32mb 8mb 60"'}
    for name, value in bad.items():
        assert valkey.command("CONFIG", "SET", name, value) == b"+OK\r\n"
    told = doctor(REDIS_URL=valkey.url, **database)
    for name, value in good.items():
        valkey.command("CONFIG", "SET", name, value)
    assert told.names("warn", "idle for 10 s")
    assert told.names("warn", "tcp-keepalive 0")
    assert told.names("warn", "1,048,576 bytes behind")
    assert told.status == 0


def test_a_wrong_password_of_redis_is_told_from_a_redis_that_is_down(tmp_path: Path, database: dict[str, str]) -> None:
    valkey = Valkey(tmp_path).start()
    try:
        valkey.command("CONFIG", "SET", "requirepass", "right")
        none = doctor(REDIS_URL=valkey.url, **database)
        assert none.names("FAIL", "refuses us: AuthenticationError")
        wrong = doctor(REDIS_URL=valkey.url.replace("//", "//:hunter2@"), **database)
        assert wrong.names("FAIL", "refuses us: AuthenticationError")
        assert "hunter2" not in wrong.output
        assert doctor(REDIS_URL=valkey.url.replace("//", "//:right@"), **database).status == 0
    finally:
        valkey.kill()


def test_what_never_answers_keeps_nobody_waiting(tmp_path: Path, database: dict[str, str]) -> None:
    valkey = Valkey(tmp_path).start()
    begun = time.monotonic()
    try:
        valkey.signal(signal.SIGSTOP)
        with socket.create_server(("127.0.0.1", 0)) as silent:
            url = f"http://127.0.0.1:{silent.getsockname()[1]}"
            told = doctor("--timeout", "2", "--url", url, REDIS_URL=valkey.url, **database)
    finally:
        valkey.kill()
    assert told.names("FAIL", "does not answer: TimeoutError")
    assert told.names("FAIL", f"{url}: TimeoutError")
    assert time.monotonic() - begun < 10


def test_servers_that_lack_a_part_are_named(tmp_path: Path, database: dict[str, str]) -> None:
    server = Server(tmp_path, REDIS_URL=f"redis://127.0.0.1:{free_port()}", DEBUG="1")
    server.manage("migrate", "--verbosity", "0")
    server.start()
    try:
        told = doctor("--url", server.url, **database)
    finally:
        server.stop()
    assert told.names("FAIL", "/readyz: 503 redis")
    assert told.names("warn", "the servers run with DEBUG=1")


def test_a_host_that_the_servers_refuse_is_named(tmp_path: Path, server: Server, database: dict[str, str]) -> None:
    with proxy(server.port, up=lambda data: re.sub(rb"Host: [^\r]+", b"Host: web", data)) as port:
        assert doctor("--url", f"http://localhost:{port}", **database).names("FAIL", "page: localhost is refused there")


def test_two_processes_that_answer_without_redis_are_seen(server: Server, database: dict[str, str]) -> None:
    second = Server(server.log.parent).start()
    try:
        with proxy(server.port, second.port) as port:
            told = doctor("--url", f"http://localhost:{port}", **database)
    finally:
        second.stop()
    assert told.names("FAIL", "processes: 2 answered at that address")


def test_a_proxy_that_does_not_pass_upgrade_is_named(server: Server, database: dict[str, str]) -> None:
    with proxy(server.port, up=lambda data: data.replace(b"Upgrade: websocket", b"X-Upgrade: none")) as port:
        told = doctor("--url", f"http://localhost:{port}", **database)
    assert told.names("FAIL", "WebSocket: the upgrade is answered with 404")
    assert len(told.faults) == 1


def test_a_proxy_that_changes_the_host_makes_the_origin_wrong(server: Server, database: dict[str, str]) -> None:
    with proxy(server.port, up=lambda data: re.sub(rb"Host: [^\r]+", b"Host: 127.0.0.1", data)) as port:
        told = doctor("--url", f"http://localhost:{port}", **database)
    assert told.names("FAIL", f"WebSocket: refused to http://localhost:{port}")
    assert len(told.faults) == 1


def test_a_proxy_that_holds_events_back_is_named(server: Server, database: dict[str, str]) -> None:
    with proxy(server.port, holds=b"/events/") as port:
        told = doctor("--timeout", "3", "--url", f"http://localhost:{port}", **database)
    assert told.names("FAIL", "SSE: nothing arrives within 1.5 s")
    assert len(told.faults) == 1


def test_a_clock_that_is_off_is_named(server: Server, database: dict[str, str]) -> None:
    def an_hour_ago(data: bytes) -> bytes:
        then = time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(time.time() - 3600))
        return re.sub(rb"(?i)\r\ndate: [^\r]+", f"\r\ndate: {then}".encode(), data)

    with proxy(server.port, down=an_hour_ago) as port:
        told = doctor("--url", f"http://localhost:{port}", **database)
    assert told.names("FAIL", "clock: that address's is 3,6")


def test_a_proxy_that_ends_tls_and_tells_nobody_is_named(
    server: Server, database: dict[str, str], tmp_path: Path
) -> None:
    certificate = make_certificate(tmp_path / "localhost.pem")
    with proxy(server.port, certificate=certificate) as port:
        url = f"https://localhost:{port}"
        assert doctor("--url", url, **database).names("FAIL", "its certificate is not to be trusted")
        told = doctor("--url", url, SSL_CERT_FILE=str(certificate), **database)
    assert told.names("FAIL", "HTTPS: the server believes it is HTTP")
    assert told.names("FAIL", f"WebSocket: refused to {url}")


def test_a_proxy_that_ends_tls_and_says_so_is_well(server: Server, database: dict[str, str], tmp_path: Path) -> None:
    certificate = make_certificate(tmp_path / "localhost.pem")
    told_of = lambda data: data.replace(b"\r\n", b"\r\nX-Forwarded-Proto: https\r\n", 1)  # noqa: E731
    with proxy(server.port, certificate=certificate, up=told_of) as port:
        told = doctor("--url", f"https://localhost:{port}", SSL_CERT_FILE=str(certificate), **database)
    assert (told.faults, told.status) == ([], 0)
    assert "ok    HTTPS: the server knows of it" in told.output
    assert "ok    /metrics: hidden (404)" in told.output


def test_metrics_that_everybody_can_read_are_named(server: Server) -> None:
    class Public(Asked):
        is_local = False

    (finding,) = address.metrics(Public(server.url))
    assert (finding.level, finding.what) == ("FAIL", "/metrics: open to everybody")


def test_static_files_that_were_not_collected_or_are_gone_are_named(tmp_path: Path) -> None:
    with override_settings(DEBUG=False, STATIC_ROOT=tmp_path):
        (missing,) = disk.static_files(Asked())
        (tmp_path / "staticfiles.json").write_text('{"paths": {"a.css": "a.0123456789ab.css"}}')
        (gone,) = disk.static_files(Asked())
        (tmp_path / "a.0123456789ab.css").touch()
        (there,) = disk.static_files(Asked())
    assert (missing.level, gone.level, there.level) == ("warn", "FAIL", "ok")
    assert "a.0123456789ab.css" in gone.what
