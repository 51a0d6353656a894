"""What can go wrong in step 0: each mistake looks as its page says."""

import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync import client

from e2e.servers import free_port
from learn.start.steps import STEPS, TROUBLE
from learn.tests.test_start import project

Change = tuple[str, str, str]  # a file, and what in it is replaced by what


@pytest.fixture(scope="module")
def right(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return project(tmp_path_factory.mktemp("right"))


@pytest.fixture
def changed(right: Path, tmp_path: Path) -> Callable[..., Path]:
    def changed(*changes: Change) -> Path:
        shutil.copytree(right, tmp_path, dirs_exist_ok=True)
        for name, old, new in changes:
            text = (tmp_path / name).read_text()
            assert old in text
            (tmp_path / name).write_text(text.replace(old, new))
        return tmp_path

    return changed


def lines_after_a_handshake(folder: Path, path: str) -> Iterator[str]:
    """What `runserver` says after a browser was refused, which shows it as 1006."""
    port = free_port()
    command = [sys.executable, "-u", "manage.py", "runserver", "--noreload", str(port)]
    server = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env={})
    assert server.stdout
    try:
        for line in server.stdout:
            if "Quit the server" in line:
                break
        with pytest.raises(InvalidStatus):
            connect(f"ws://127.0.0.1:{port}{path}")
        yield from server.stdout
    finally:
        server.kill()
        server.wait()
        server.stdout.close()


def connect(url: str) -> None:
    """As soon as the server listens."""
    for _ in range(100):
        try:
            return client.connect(url, open_timeout=10).close()
        except ConnectionRefusedError:
            time.sleep(0.1)
    raise TimeoutError


@pytest.mark.parametrize(
    ("path", "change", "said"),
    [
        ("/ws/echo", (), "No route found for path"),
        ("/ws/echo/", ("mysite/settings.py", "    'daphne',\n", ""), "Not Found: /ws/echo/"),
        ("/ws/echo/", ("echo/consumers.py", "await self.accept()", "raise KeyError('room')"), "KeyError: 'room'"),
    ],
)
def test_a_socket_that_does_not_open_has_its_reason_in_the_log(
    changed: Callable[..., Path], path: str, change: Change, said: str
) -> None:
    folder = changed(*[change] if change else [])
    assert any(said in line for line in lines_after_a_handshake(folder, path))


@pytest.mark.parametrize("server", ["daphne -p", "uvicorn --port"])
def test_models_that_are_imported_too_early_stop_the_server(changed: Callable[..., Path], server: str) -> None:
    needs_models = "from django.contrib.auth.models import User\nfrom channels"
    first = "from echo.consumers import EchoConsumer\n"
    folder = changed(
        ("echo/consumers.py", "from channels", needs_models),
        ("mysite/asgi.py", first, ""),
        ("mysite/asgi.py", "import os\n", f"import os\n{first}"),
    )
    command = [sys.executable, "-m", *server.split(), str(free_port()), "mysite.asgi:application"]
    environment = {"DJANGO_SETTINGS_MODULE": "mysite.settings"}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode != 0
    assert "Apps aren't loaded yet" in done.stderr


def first_lines(folder: Path) -> str:
    """Of `runserver`, up to where it listens or ends."""
    command = [sys.executable, "-u", "manage.py", "runserver", "--noreload", str(free_port())]
    server = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env={})
    assert server.stdout
    said = ""
    for line in server.stdout:
        said += line
        if "Quit the server" in line:
            break
    server.kill()
    server.wait()
    server.stdout.close()
    return said


STATIC = "    'django.contrib.staticfiles',\n"


@pytest.mark.parametrize(
    ("among", "said"),
    [
        ("", "Starting WSGI development server"),  # without the word Daphne
        (f"    'daphne',\n{STATIC}", "Starting ASGI/Daphne"),
        (f"{STATIC}    'daphne',\n", "Daphne must be listed before django.contrib.staticfiles"),
    ],
    ids=["without", "before staticfiles", "after staticfiles"],
)
def test_the_servers_first_line_has_no_word_daphne_where_it_is_not_installed(
    changed: Callable[..., Path], among: str, said: str
) -> None:
    settings = "mysite/settings.py"
    folder = changed((settings, "    'daphne',\n", ""), (settings, STATIC, among or STATIC))
    assert said in first_lines(folder)
    seen = next(step.see for step in STEPS if "runserver" in " ".join(step.commands))
    assert "Without the word Daphne, daphne is not among the installed apps." in seen


def test_the_page_names_each_of_them() -> None:
    said = " ".join(text for _, text in TROUBLE)
    for words in (
        "No route found for path",
        "Not Found: /ws/echo/",
        "an exception in connect",
        "Apps aren't loaded yet",
    ):
        assert words in said
    assert [what for what, _ in TROUBLE].count("closed 1006") == 3
