import pytest
from django.test import override_settings

from chat import limits
from chat.protocol import Refused


def refused_for(identity: str, now: float) -> float | None:
    """Seconds after which to come back; None if it was taken."""
    try:
        limits.take(limits.MESSAGES, identity, now=now)
    except Refused as refused:
        return refused.retry_after
    return None


@override_settings(CHAT_RATE_LIMIT=(20, 10.0))
def test_twenty_at_once_and_then_one_every_half_second() -> None:
    assert [refused_for("ada", 100.0) for _ in range(20)] == [None] * 20
    assert refused_for("ada", 100.0) == pytest.approx(0.5, abs=0.1)
    assert refused_for("bob", 100.0) is None
    assert refused_for("ada", 100.6) is None
    assert refused_for("ada", 100.6) is not None


@override_settings(CHAT_RATE_LIMIT=None)
def test_without_a_limit_nothing_is_refused() -> None:
    assert [refused_for("ada", 1.0) for _ in range(1000)] == [None] * 1000


@override_settings(CHAT_RATE_LIMIT=(1, 1.0))
def test_buckets_that_are_full_again_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "BUCKETS_MAX", 10)
    for number in range(20):
        limits.take(limits.MESSAGES, f"guest-{number}", now=float(number))
    assert len(limits._buckets) <= 11
