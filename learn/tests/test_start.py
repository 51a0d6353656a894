"""Step 0, typed as its page says: a new project, its files, and an echo."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from websockets.asyncio import client

from e2e.servers import free_port
from learn.start.steps import OLD, PROJECT, SETTINGS, SHELL, STEPS, Part

PARTS = [part for step in STEPS for part in step.parts]


def project(folder: Path) -> Path:
    """What a reader has made at the end of the page."""
    run(folder, "-m", "django", "startproject", "mysite", ".")
    settings = folder / "mysite" / "settings.py"
    text = settings.read_text()
    lines = (PROJECT / SETTINGS).read_text().splitlines()
    apps, rest = lines[: lines.index("]")], lines[lines.index("]") + 1 :]
    new = [line for line in apps if line not in OLD[SETTINGS]]
    assert text.count("INSTALLED_APPS = [\n") == 1
    settings.write_text(
        text.replace("INSTALLED_APPS = [\n", "\n".join(["INSTALLED_APPS = [", *new, ""])) + "\n".join(rest)
    )
    for part in PARTS:
        if part.file not in (SETTINGS, SHELL):
            (folder / part.name).parent.mkdir(parents=True, exist_ok=True)
            (folder / part.name).write_text((PROJECT / part.file).read_text())
    return folder


def run(folder: Path, *command: str, text: str = "") -> str:
    done = subprocess.run(
        [sys.executable, *command], cwd=folder, input=text, capture_output=True, text=True, timeout=60, env={}
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return project(tmp_path_factory.mktemp("start"))


@pytest.fixture
def port(made: Path) -> Iterator[int]:
    """Of `runserver`, whose first line has the word Daphne."""
    port = free_port()
    command = [sys.executable, "-u", "manage.py", "runserver", "--noreload", str(port)]
    server = subprocess.Popen(command, cwd=made, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env={})
    assert server.stdout
    for line in server.stdout:
        if "Starting ASGI/Daphne" in line:
            break
    else:
        raise AssertionError("Daphne did not start")
    yield port
    server.terminate()
    server.wait(10)
    server.stdout.close()


def test_the_project_has_no_issues(made: Path) -> None:
    assert "no issues" in run(made, "manage.py", "check")


async def test_a_frame_comes_back_as_it_was(port: int) -> None:
    for attempt in range(50):
        try:
            socket = await client.connect(f"ws://127.0.0.1:{port}/ws/echo/")
            break
        except OSError:
            assert attempt < 49
            import asyncio

            await asyncio.sleep(0.1)
    await socket.send("hello")
    assert await socket.recv() == "hello"
    await socket.send(b"\x00\xff")
    assert await socket.recv() == b"\x00\xff"
    await socket.close()


def test_the_layer_answers_in_the_shell(made: Path) -> None:
    lines = (PROJECT / SHELL).read_text().splitlines()
    code = "\n".join([*lines[:-1], f"print({lines[-1]})"])
    assert run(made, "manage.py", "shell", "-c", code).strip().endswith("{'type': 'hello'}")


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.name)
def test_every_file_is_shown(part: Part) -> None:
    page = Client().get("/learn/start/").content.decode()
    assert part.name in page
    for old in OLD.get(part.file, ()):
        assert old in part.lines


def test_new_lines_are_those_that_a_new_project_does_not_have(tmp_path: Path) -> None:
    run(tmp_path, "-m", "django", "startproject", "mysite", ".")
    for file, old in OLD.items():
        fresh = (tmp_path / file.removesuffix("-tpl")).read_text().splitlines()
        assert [line for line in old if line not in fresh and "…" not in line] == []
