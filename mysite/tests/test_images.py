"""The images of the stack are pinned, and `deploy/pin` renews the pins."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FILES = ["Dockerfile", "docker-compose.yml", *(f"deploy/{path.name}" for path in sorted(ROOT.glob("deploy/*.yml")))]
OURS = {"packages", "project", "${COMPOSE_PROJECT_NAME}-app"}  # stages of the Dockerfile, and what it makes
PIN = re.compile(r"[a-z0-9-]+:[0-9][\w.-]*@sha256:[0-9a-f]{64}")  # as an official image is named, without a host


def images(folder: Path) -> list[str]:
    text = "\n".join((folder / file).read_text() for file in FILES)
    return [image for image in re.findall(r"^(?:FROM| +image:) +(\S+)", text, re.MULTILINE) if image not in OURS]


def test_every_image_is_pinned_by_digest_and_names_no_host() -> None:
    named = images(ROOT)
    assert len(named) == 5
    assert [image for image in named if not PIN.fullmatch(image)] == []


def test_one_tag_has_one_digest() -> None:
    pins = set(images(ROOT))
    assert len({pin.partition("@")[0] for pin in pins}) == len(pins)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """What `deploy/pin` works on, and a docker whose registry knows one digest for all."""
    for file in [*FILES, "deploy/pin"]:
        (tmp_path / file).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / file, tmp_path / file)
    docker = tmp_path / "bin" / "docker"
    docker.parent.mkdir()
    docker.write_text('#!/bin/sh\n[ -z "$AWAY" ] || { echo "no registry" >&2; exit 1; }\necho "${SAYS:-$DIGEST}"\n')
    docker.chmod(0o755)
    return tmp_path


DIGEST = "sha256:" + "5" * 64


def pin(copy: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    path = f"{copy}/bin:{os.environ['PATH']}"
    return subprocess.run(
        [copy / "deploy" / "pin", *arguments],
        env={"PATH": path, "DIGEST": DIGEST, "AWAY": ""} | environment, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_the_pins_are_renewed_and_nothing_else_is_changed(copy: Path) -> None:
    assert pin(copy).returncode == 0
    assert {image.partition("@")[2] for image in images(copy)} == {DIGEST}
    for file in FILES:
        assert re.sub(r"sha256:\w+", "", (copy / file).read_text()) == re.sub(
            r"sha256:\w+", "", (ROOT / file).read_text()
        )
    assert pin(copy).stdout.startswith("All images are pinned")


@pytest.mark.parametrize("many", [1, 9])
def test_an_image_that_has_no_pin_yet_gets_one(copy: Path, many: int) -> None:
    pin(copy)
    for file in FILES:
        (copy / file).write_text(re.sub(r"@sha256:\w+", "", (copy / file).read_text(), count=many))
    assert pin(copy, "--check").returncode == 1
    assert pin(copy).returncode == 0
    assert {image.partition("@")[2] for image in images(copy)} == {DIGEST}


def test_a_check_tells_of_old_pins_and_changes_nothing(copy: Path) -> None:
    told = pin(copy, "--check")
    assert told.returncode == 1
    assert f"postgres:17@{DIGEST}" in told.stdout
    assert images(copy) == images(ROOT)


@pytest.mark.parametrize("trouble", [{"AWAY": "1"}, {"SAYS": "<html>"}])
def test_nothing_is_changed_when_the_registry_gives_no_digest(copy: Path, trouble: dict[str, str]) -> None:
    told = pin(copy, **trouble)
    assert told.returncode != 0
    assert told.stderr
    assert images(copy) == images(ROOT)
