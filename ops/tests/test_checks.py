import pytest
from django.test import override_settings

from ops.checks import several_processes_share_redis


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
