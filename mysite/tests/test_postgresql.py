"""PostgreSQL, directly and behind a pooler that gives each transaction another connection, as PgBouncer can."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import nullcontext
from typing import Any

import httpx
import psycopg
import pytest

from e2e.pooler import PGBOUNCER, pgbouncer, small_pooler
from e2e.servers import ROOT, Server
from e2e.services import Postgres
from mysite.__main__ import NO_ADMINISTRATOR

KEY = "y8Jd0bq2mQxv7T3nRz5KfWc9LhPs4AuE6gVtXiMoNw1CjB-kD_"
POOLERS = ["a small pooler", *(["PgBouncer"] if PGBOUNCER else [])]

SCRIPT = """
import json
from django.contrib.auth.models import Permission
from django.db import connection, transaction

def asked(query):
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchone()[0]

def bounds():
    with transaction.atomic():
        return [asked("SHOW lock_timeout"), asked("SHOW idle_in_transaction_session_timeout")]

told = {"within": [bounds() for _ in range(20)], "outside": asked("SHOW lock_timeout")}
told |= {"iterated": len(list(Permission.objects.iterator(chunk_size=2))), "counted": Permission.objects.count()}
print(json.dumps(told))
"""


@pytest.fixture(scope="module")
def postgres() -> Iterator[Postgres]:
    postgres = Postgres()
    yield postgres
    postgres.stop()


@pytest.fixture(scope="module", params=["directly", *POOLERS])
def address(request: pytest.FixtureRequest, postgres: Postgres) -> Iterator[str]:
    ways = {"directly": nullcontext(postgres.url), "a small pooler": small_pooler(postgres.url)}
    with ways.get(request.param) or pgbouncer(postgres.url, postgres._server.get_pid()) as address:
        yield address


@pytest.fixture(scope="module")
def server(address: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("pooled"), SECRET_KEY=KEY, DATABASE_URL=address)
    server.manage("migrate", "--verbosity", "0")
    yield server.start()
    server.stop()


@pytest.fixture(scope="module")
def told(server: Server) -> dict[str, Any]:
    """What a process on this database finds, which at its end waits for no thread of its pool."""
    environment = {"PATH": "/usr/bin:/bin", "SECRET_KEY": KEY} | server.environment
    command = [sys.executable, "manage.py", "shell", "--no-imports", "--command", SCRIPT]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    return json.loads(done.stdout)


def says(server: Server, room: str, text: str) -> int:
    with httpx.Client(base_url=server.url, headers={"Origin": server.url}) as person:
        person.get(f"/chat/{room}/")
        token = person.cookies["chat_csrf"]
        form = {"message": text, "csrfmiddlewaretoken": token}
        answer = person.post(f"/chat/{room}/messages/", data=form, headers={"Accept": "application/json"})
    assert answer.status_code == 201, answer.text
    return int(answer.json()["seq"])


def test_people_talk(server: Server, address: str) -> None:
    room = f"room-{server.port}"
    assert [says(server, room, f"message {count}") for count in range(1, 11)] == list(range(1, 11))
    events = httpx.get(f"{server.url}/chat/{room}/poll/?after=0&wait=0").json()["events"]
    assert [event["text"] for event in events] == [f"message {count}" for count in range(1, 11)]
    assert httpx.get(f"{server.url}/readyz").status_code == 200
    assert all(NO_ADMINISTRATOR in line for line in server.log.read_text().splitlines())


def test_each_transaction_is_bounded_and_nothing_else_is(told: dict[str, Any]) -> None:
    assert told["within"] == [["5s", "5s"]] * 20
    assert told["outside"] == "0"


def test_no_cursor_is_left_on_a_connection_that_the_next_statement_does_not_have(told: dict[str, Any]) -> None:
    assert told["iterated"] == told["counted"] > 10


@pytest.mark.parametrize("address", POOLERS, indirect=True)
def test_these_poolers_refuse_options_as_such_poolers_do(address: str) -> None:
    """Without this the other tests would prove nothing."""
    with pytest.raises(psycopg.OperationalError, match="unsupported startup parameter"):
        psycopg.connect(address, options="-c lock_timeout=5000")
