import pytest
from django.core import checks as django_checks
from django.test import override_settings

from ops import checks
from ops.checks import several_processes_share_redis

AS_SHIPPED = {
    "CHAT_RATE_LIMIT": (20, 10.0),
    "CHAT_ADDRESS_LIMIT": (600, 10.0),
    "CHAT_ADDRESS_SOCKETS": 1000,
    "CHAT_IDENTITY_SOCKETS": 50,
    "FORWARDED_ALLOW_IPS": ["127.0.0.1"],
    "ALLOWED_HOSTS": ["chat.example.com"],
    "LEARN": False,
}


def warned(**settings: object) -> list[str]:
    """The ids of what `check --deploy` says of such settings, and of the defaults otherwise."""
    with override_settings(**AS_SHIPPED | settings):
        found = django_checks.run_checks(tags=["security"], include_deployment_checks=True)
    return [each.id for each in found if each.id.startswith("chat.")]


def test_the_defaults_need_no_warning() -> None:
    assert warned() == []


@pytest.mark.parametrize(
    ("name", "value", "warning"),
    [
        ("FORWARDED_ALLOW_IPS", ["*"], "chat.W002"),
        ("ALLOWED_HOSTS", ["chat.example.com", "*"], "chat.W003"),
        *((name, None, "chat.W004") for name in checks.LIMITS),
        ("CHAT_RATE_LIMIT", (60, 1.0), "chat.W005"),
        ("CHAT_ADDRESS_LIMIT", (20, 10.0), "chat.W005"),
        ("CHAT_IDENTITY_SOCKETS", 1000, "chat.W005"),
        ("LEARN", True, "chat.W006"),
    ],
)
def test_what_lets_one_client_harm_the_others_is_warned_of(name: str, value: object, warning: str) -> None:
    assert warned(**{name: value}) == [warning]


@pytest.mark.parametrize("processes", ["", "1"])
def test_one_process_needs_no_redis(monkeypatch: pytest.MonkeyPatch, processes: str) -> None:
    monkeypatch.setenv("WEB_CONCURRENCY", processes)
    assert several_processes_share_redis() == []


def test_several_processes_without_redis_are_warned_of(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEB_CONCURRENCY", "4")
    (warning,) = several_processes_share_redis()
    assert warning.id == "chat.W001"
    with override_settings(REDIS_URLS=["redis://localhost"]):
        assert several_processes_share_redis() == []
