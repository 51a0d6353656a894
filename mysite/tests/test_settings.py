"""What an operator may set: a wrong value is one line at start, and the production settings are safe."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

GOOD = {"DEBUG": "0", "SECRET_KEY": "y8Jd0bq2mQxv7T3nRz5KfWc9LhPs4AuE6gVtXiMoNw1CjB-kD_"}


def check(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return manage("check", *arguments, **environment)


def manage(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "DATABASE_URL") if name in os.environ}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        env=kept | GOOD | environment, capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", ""),
        ("SECRET_KEY_FILE", "/nowhere"),
        ("DATABASE_URL_FILE", "/"),
        ("DEBUG", "maybe"),
        ("DATABASE_URL", "mysql://localhost/chat"),
        ("DATABASE_URL", "postgres://ada:secret@localhost:port/chat"),
        ("REDIS_URL", "localhost:6379"),
        ("REDIS_URL", "redis://["),
        ("REDIS_URL", "redis://host:abc"),
        ("ALLOWED_HOSTS", "https://chat.example.com"),
        ("ALLOWED_HOSTS", "192.168.1.5:8000"),
        ("ALLOWED_HOSTS", "::1"),
        ("ALLOWED_HOSTS", "[::1"),
        ("ALLOWED_HOSTS", "[::1]:8000"),
        ("ALLOWED_HOSTS", "chat.*.example"),
        ("ALLOWED_HOSTS", "*."),
        ("ALLOWED_HOSTS", "*.0.0.1"),
        ("ALLOWED_HOSTS", "a..b"),
        ("ALLOWED_HOSTS", "my host"),
        ("ALLOWED_HOSTS", "-ü-.example"),
        ("ALLOWED_ORIGINS", "http://["),
        ("ALLOWED_ORIGINS", "*"),
        ("ALLOWED_ORIGINS", "https://*"),
        ("ALLOWED_ORIGINS", "https://a.*.example"),
        ("ALLOWED_ORIGINS", "*.example.com"),
        ("ALLOWED_ORIGINS", "null"),
        ("ALLOWED_ORIGINS", "https://example.com:0"),
        ("ALLOWED_ORIGINS", "https://example.com:65536"),
        ("ALLOWED_ORIGINS", "https://ada@example.com"),
        ("ALLOWED_ORIGINS", "https://example.com//"),
        ("ALLOWED_ORIGINS", "https://" + "ü" * 1000),
        ("ALLOWED_ORIGINS", "http://a:x"),
        ("ALLOWED_ORIGINS", "example.com"),
        ("ALLOWED_ORIGINS", "https://example.com/path"),
        ("CHAT_RATE_LIMIT", "fast"),
        ("CHAT_RATE_LIMIT", "20/10"),
        ("CHAT_RATE_LIMIT", "-1/10s"),
        ("CHAT_RATE_LIMIT", "20/0s"),
        ("CHAT_RATE_LIMIT", "2٠/10s"),
        ("CHAT_RATE_LIMIT", "9" * 5000 + "/1s"),
        ("CHAT_ADDRESS_LIMIT", "0/10s"),
        ("CHAT_ADDRESS_LIMIT", "600/-10s"),
        ("CHAT_ADDRESS_SOCKETS", "0"),
        ("CHAT_ADDRESS_SOCKETS", "-5"),
        ("CHAT_ADDRESS_SOCKETS", "9" * 5000),
        ("CHAT_IDENTITY_SOCKETS", "many"),
        ("CHAT_IDENTITY_SOCKETS", "1.5"),
        ("CHAT_MAX_MESSAGE_LENGTH", "0"),
        ("CHAT_MAX_MESSAGE_LENGTH", "-1"),
        ("CHAT_MAX_MESSAGE_LENGTH", "long"),
        ("CHAT_MAX_MESSAGE_LENGTH", "5401"),
        ("CHAT_MAX_MESSAGE_LENGTH", "9" * 5000),
        ("CHAT_POLL_SECONDS", "nan"),
        ("CHAT_POLL_SECONDS", "0"),
        ("CHAT_POLL_SECONDS", "-1"),
        ("CHAT_POLL_SECONDS", "soon"),
        ("CHAT_POLL_SECONDS", "1e400"),
        ("FORWARDED_ALLOW_IPS", "proxy"),
        ("FORWARDED_ALLOW_IPS", "10.0.0.1/8"),
        ("FORWARDED_ALLOW_IPS", "*,10.0.0.1"),
        ("SIGNUP", "perhaps"),
        ("EMAIL_URL", "http://user:secret@host"),
        ("EMAIL_URL", "smtp://user:secret@host:port"),
        ("LOG_FORMAT", "xml"),
        ("LOG_LEVEL", "loud"),
    ],
)
def test_a_wrong_setting_is_one_line_that_names_it(name: str, value: str) -> None:
    result = check(**{name: value})
    assert result.returncode == 1
    assert len(result.stderr.strip().splitlines()) == 1
    assert name in result.stderr
    assert len(result.stderr) < 300
    assert "secret" not in result.stderr.replace("SECRET_KEY", "")


def test_without_a_rate_limit_the_other_limits_are_off_unless_they_are_set() -> None:
    names = ("CHAT_ADDRESS_LIMIT", "CHAT_ADDRESS_SOCKETS", "CHAT_IDENTITY_SOCKETS")
    script = f"from django.conf import settings; print([getattr(settings, name) for name in {names}])"
    command = ("shell", "--no-imports", "--command", script)
    assert manage(*command, CHAT_RATE_LIMIT="").stdout.strip() == "[None, None, None]"
    assert manage(*command, CHAT_RATE_LIMIT="", CHAT_IDENTITY_SOCKETS="7").stdout.strip() == "[None, None, 7]"
    assert manage(*command).stdout.strip() == "[(600, 10.0), 1000, 50]"


def test_a_database_that_is_not_there_is_one_line() -> None:
    result = manage("migrate", DATABASE_URL="postgres://ada:hush@127.0.0.1:1/chat")
    assert result.returncode == 1
    assert len(result.stderr.strip().splitlines()) == 1
    assert result.stderr.startswith("database: ")
    assert "hush" not in result.stderr


def test_the_deployment_check_is_silent() -> None:
    result = check("--deploy", "--fail-level", "WARNING")
    assert result.returncode == 0, result.stderr
    assert "WARNINGS" not in result.stdout + result.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [("FORWARDED_ALLOW_IPS", "*"), ("ALLOWED_HOSTS", "*"), ("CHAT_RATE_LIMIT", ""), ("CHAT_IDENTITY_SOCKETS", "")],
)
def test_the_deployment_check_warns_of_a_protection_that_is_off(name: str, value: str) -> None:
    result = check("--deploy", **{name: value})
    assert result.returncode == 0
    assert f"{name}{value and '=' + value}" in result.stderr


def test_debug_needs_no_secret_key() -> None:
    assert check(DEBUG="1", SECRET_KEY="").returncode == 0


def test_a_setting_may_come_from_a_file(tmp_path: Path) -> None:
    key, address = tmp_path / "key", tmp_path / "address"
    key.write_text(f"{GOOD['SECRET_KEY']}\n")
    address.write_text("mysql://localhost/chat\n")
    assert check(SECRET_KEY="", SECRET_KEY_FILE=str(key)).returncode == 0
    assert "DATABASE_URL" in check(DATABASE_URL_FILE=str(address)).stderr
