"""What is in the image, and what is not."""

import subprocess

import pytest

from e2e.compose.stack import IMAGE, docker

KEY = ("-e", "SECRET_KEY=y8Jd0bq2mQxv7T3nRz5KfWc9LhPs4AuE6gVtXiMoNw1CjB")


def inside(*command: str) -> str:
    return docker("run", "--rm", "--network", "none", "--read-only", IMAGE, *command)


def test_no_build_tools_are_in_it() -> None:
    tools = ("pip", "pip3", "cc", "gcc", "g++", "make", "git", "curl", "uv")
    found = f"import shutil; print([tool for tool in {tools} if shutil.which(tool)])"
    assert inside("python", "-c", found) == "[]"


def test_only_what_runs_is_in_it() -> None:
    files = inside("find", "/app", "-maxdepth", "2").split()
    assert {"/app/manage.py", "/app/mysite", "/app/chat", "/app/staticfiles/staticfiles.json"} <= set(files)
    for name in (".git", ".venv", ".env", "e2e", "bench", "docs", "Makefile", "db.sqlite3"):
        assert f"/app/{name}" not in files
    assert inside("find", "/app", "-name", "tests", "-o", "-name", "test_*", "-o", "-name", ".env*") == ""


def test_it_belongs_to_root_and_runs_as_somebody_else() -> None:
    assert inside("id", "-u") == "10001"
    assert inside("find", "/app", "/opt/venv", "-writable", "-not", "-type", "l") == ""


def test_no_key_stays_in_it() -> None:
    environment = docker("image", "inspect", "--format", "{{json .Config.Env}}", IMAGE)
    assert "SECRET" not in environment + docker("history", "--no-trunc", IMAGE)


def test_it_adds_less_than_250_mb_to_its_base() -> None:
    size = 0
    for line in docker(
        "history", "--no-trunc", "--human=false", "--format", "{{.Size}} {{.CreatedBy}}", IMAGE
    ).splitlines():
        size += int(line.partition(" ")[0])
        if "LABEL" in line:  # the first line of ours
            break
    print(f"{size / 1e6:.0f} MB beyond the base")
    assert 50e6 < size < 250e6


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("SECRET_KEY", ()),
        ("SECRET_KEY_FILE", ("-e", "SECRET_KEY_FILE=/nowhere")),
        ("DATABASE_URL", (*KEY, "-e", "DATABASE_URL=mysql://db/chat")),
        ("REDIS_URL", (*KEY, "-e", "REDIS_URL=redis:6379")),
        ("ALLOWED_ORIGINS", (*KEY, "-e", "ALLOWED_ORIGINS=chat.example.com")),
        ("CHAT_RATE_LIMIT", (*KEY, "-e", "CHAT_RATE_LIMIT=fast")),
    ],
)
def test_a_missing_or_wrong_setting_is_one_line_that_names_it(name: str, arguments: tuple[str, ...]) -> None:
    command = ["docker", "run", "--rm", "--network", "none", "--read-only", *arguments, IMAGE]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 1
    assert len((result.stdout + result.stderr).strip().splitlines()) == 1
    assert result.stderr.startswith("settings: ")
    assert name in result.stderr
