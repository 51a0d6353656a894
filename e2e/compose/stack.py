"""docker compose, in a project of its own. COMPOSE names another command than `docker compose`."""

import json
import os
import shlex
import subprocess
import time
from pathlib import Path
from random import randrange
from typing import Any

from e2e.servers import ROOT, free_port

COMPOSE = os.environ.get("COMPOSE") or "docker compose"
PROJECT = "chat-compose-test"
IMAGE = f"{PROJECT}-app"
HEALTHY_WITHIN = 60.0  # seconds

# Only what finds the engine: an operator's .env and the settings of the tests stay outside.
KEPT = ("PATH", "HOME", "XDG_", "DOCKER_", "BUILDKIT_", "SSL_", "PYENV_")
SETTINGS = {
    "COMPOSE": COMPOSE,
    "COMPOSE_PROJECT_NAME": PROJECT,
    "COMPOSE_DISABLE_ENV_FILE": "1",
    "PORT": os.environ.setdefault("COMPOSE_TEST_PORT", str(free_port())),
    "CHAT_RATE_LIMIT": "",
    "CHAT_ADDRESS_LIMIT": "",
    "CHAT_ADDRESS_SOCKETS": "",
    "CHAT_IDENTITY_SOCKETS": "",
    "LEARN": "1",
    "CHAT_POLL_SECONDS": "2",  # e2e.faults.harness.POLL_SECONDS
    "FRONT_SUBNET": os.environ.setdefault("COMPOSE_TEST_SUBNET", f"10.{randrange(64, 128)}.{randrange(256)}.0/24"),
}
AS_SHIPPED = {
    "CHAT_RATE_LIMIT": "20/10s",
    "CHAT_ADDRESS_LIMIT": "600/10s",
    "CHAT_ADDRESS_SOCKETS": "1000",
    "CHAT_IDENTITY_SOCKETS": "50",
    "LEARN": "0",
}
BASE_URL = f"http://localhost:{SETTINGS['PORT']}"


class Failed(Exception):  # noqa: N818 - what a command did
    pass


def run(*command: str, data: bytes | None = None, folder: Path = ROOT, **settings: str) -> str:
    environment = {name: value for name, value in os.environ.items() if name.startswith(KEPT)} | SETTINGS | settings
    result = subprocess.run(command, cwd=folder, env=environment, input=data, capture_output=True, check=False)
    if result.returncode:
        raise Failed(f"{shlex.join(command)}: {result.stderr.decode()}")
    return result.stdout.decode().strip()


def compose(*arguments: str, data: bytes | None = None, folder: Path = ROOT, **settings: str) -> str:
    return run(*shlex.split(COMPOSE), *arguments, data=data, folder=folder, **settings)


def docker(*arguments: str) -> str:
    return run("docker", *arguments)


def up(*arguments: str, folder: Path = ROOT, **settings: str) -> None:
    compose("up", "--detach", "--wait", *arguments, folder=folder, **settings)


def down() -> None:
    """With all that it stored."""
    compose("down", "--volumes", "--remove-orphans")


def ids(service: str) -> list[str]:
    """The containers of a service that run."""
    return compose("ps", "--quiet", service).split()


def containers() -> dict[str, dict[str, Any]]:
    """All of the project, those that have ended too, by name, as the engine describes them."""
    found = json.loads(docker("inspect", *compose("ps", "--all", "--quiet").split()))
    return {each["Name"].lstrip("/").removeprefix(f"{PROJECT}-"): each for each in found}


def wait_until_healthy(container: str) -> None:
    deadline = time.monotonic() + HEALTHY_WITHIN
    while docker("inspect", "--format", "{{.State.Health.Status}}", container) != "healthy":
        assert time.monotonic() < deadline, docker("logs", container)
        time.sleep(0.1)


def kill(container: str) -> None:
    docker("kill", "--signal", "KILL", container)


def start(container: str) -> None:
    docker("start", container)
    wait_until_healthy(container)


def stop(container: str) -> float:
    """Returns the seconds it took; fails if it had to be killed."""
    begun = time.monotonic()
    docker("stop", "--time", "10", container)
    code = docker("inspect", "--format", "{{.State.ExitCode}}", container)
    assert code != "137", f"{container} did not end by itself"
    return time.monotonic() - begun


def query(sql: str) -> str:
    return compose("exec", "-T", "db", "psql", "--username=chat", "--no-align", "--tuples-only", f"--command={sql}")
