import pytest
from django.test import override_settings

from accounts.addresses import network
from chat import limits
from chat.identity import Identity
from chat.protocol import Refused


def refused_for(identity: str, now: float) -> float | None:
    """Seconds after which to come back; None if it was taken."""
    try:
        limits.take(limits.MESSAGES, Identity(identity, identity), now=now)
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
        limits.take(limits.MESSAGES, Identity(f"guest-{number}", "Guest"), now=float(number))
    assert len(limits._buckets) <= 11


@override_settings(CHAT_RATE_LIMIT=(20, 10.0), CHAT_ADDRESS_LIMIT=(3, 10.0))
def test_a_new_guest_for_each_message_does_not_get_past_the_limit_of_the_address() -> None:
    people = [Identity(f"guest-{number}", "Guest", address="203.0.113.7") for number in range(4)]
    for person in people[:3]:
        limits.take(limits.MESSAGES, person, now=1.0)
    with pytest.raises(Refused, match="Not so fast"):
        limits.take(limits.MESSAGES, people[3], now=1.0)
    limits.take(limits.MESSAGES, Identity("guest-5", "Guest", address="203.0.113.8"), now=1.0)


@override_settings(CHAT_ADDRESS_LIMIT=(2, 60.0))
def test_guests_without_a_cookie_count_as_new_ones() -> None:
    for _ in range(2):
        limits.take_guest("203.0.113.7")
    with pytest.raises(Refused):
        limits.take_guest("203.0.113.7")


@override_settings(CHAT_IDENTITY_SOCKETS=2, CHAT_ADDRESS_SOCKETS=3)
def test_a_person_and_an_address_have_so_many_connections_and_who_leaves_makes_room() -> None:
    ada, bob = (Identity(f"guest-{name}", name, address="203.0.113.7") for name in ("ada", "bob"))
    connections = limits.Connections()
    for person in (ada, ada, bob):
        connections.enter(person)
    for person in (ada, bob):  # her third, and the fourth of the address
        with pytest.raises(Refused) as refused:
            connections.enter(person)
        assert refused.value.reason == "too_many_connections"
    connections.leave(ada)
    connections.enter(bob)
    for person in (ada, bob, bob):
        connections.leave(person)
    assert not connections._open, "nothing is kept of those who are gone"


@pytest.mark.parametrize(
    ("address", "client"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8::1", "2001:db8::/64"),
        ("2001:db8::ffff:0:0:1", "2001:db8::/64"),
        ("2001:db8:0:1::1", "2001:db8:0:1::/64"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("", ""),
        ("unix:", "unix:"),
    ],
)
def test_an_address_is_told_apart_by_what_one_client_has(address: str, client: str) -> None:
    assert network(address) == client


@override_settings(CHAT_RATE_LIMIT=(1, 60.0))
def test_a_bucket_is_forgotten_after_its_own_time_not_after_that_of_another_kind(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(limits, "BUCKETS_MAX", 0)
    ada = Identity("ada", "Ada")
    limits.take(limits.MESSAGES, ada, now=0.0)
    limits.take(limits.HINTS, ada, now=20.0)  # a hint's bucket is full again after 10 s
    with pytest.raises(Refused):
        limits.take(limits.MESSAGES, ada, now=21.0)
