"""LEARN: the classroom is served where it is asked for, and elsewhere it is not even imported."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Origin, Subprotocol

from e2e.servers import Server
from mysite.tests.test_settings import GOOD, check

ASK = """
import sys
import django
import mysite.asgi
import chat.management.commands.follow
import ops.management.commands.doctor
from django.core.management import call_command
call_command("check")
print([name for name in sys.modules if name.partition(".")[0] == "learn"])
"""


@pytest.mark.parametrize(
    ("environment", "is_served"),
    [
        ({"DEBUG": "0"}, False),
        ({"DEBUG": "0", "LEARN": "1"}, True),
        ({"DEBUG": "1"}, True),
        ({"DEBUG": "1", "LEARN": "0"}, False),
    ],
    ids=str,
)
def test_its_modules_are_imported_only_where_it_is_served(
    environment: dict[str, str], is_served: bool, tmp_path: Path
) -> None:
    own = {"PATH": "/usr/bin:/bin", "DATABASE_URL": f"sqlite:///{tmp_path}/db.sqlite3"}
    run = subprocess.run(
        [sys.executable, "-c", ASK], env=own | GOOD | environment, capture_output=True, text=True, check=True
    )
    imported = run.stdout.splitlines()[-1]
    assert ("learn.routing" in imported, imported != "[]") == (is_served, is_served)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("server"), LEARN="0")
    server.manage("migrate", "--verbosity", "0")
    yield server.start()
    server.stop()


@pytest.mark.parametrize("path", ["/learn/", "/learn/echo-sync/", "/learn/sse/live/", "/learn/views/live/sync/"])
def test_without_it_its_pages_are_not_found(server: Server, path: str) -> None:
    assert httpx.get(f"{server.url}{path}").status_code == 404


def test_without_it_nothing_leads_there(server: Server) -> None:
    for path in ("/chat/", "/chat/lobby/"):
        assert "/learn/" not in httpx.get(f"{server.url}{path}").text


async def test_without_it_its_sockets_are_closed_with_4404(server: Server) -> None:
    options = {"origin": Origin(server.url), "subprotocols": [Subprotocol("chat.v1")]}
    async with connect(f"{server.ws}/ws/learn/echo-sync/", **options) as line:
        assert '"no_such_room"' in await line.recv()
        with pytest.raises(ConnectionClosed):
            await line.recv()
        assert line.close_code == 4404


def test_a_wrong_value_is_one_line() -> None:
    result = check(LEARN="maybe")
    assert result.returncode == 1
    assert len(result.stderr.strip().splitlines()) == 1
    assert "LEARN" in result.stderr
