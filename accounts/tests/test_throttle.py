"""Guesses at a password are throttled by name and by address, at every door and in all processes."""

import asyncio
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.contrib.auth.hashers import MD5PasswordHasher, get_hasher
from django.contrib.auth.signals import user_login_failed
from django.http import HttpResponse
from django.test import AsyncClient, Client, RequestFactory, override_settings

from accounts import attempts, throttle
from accounts.models import User
from conftest import Open
from e2e.servers import Server
from e2e.services import Valkey

DOOR = "/accounts/login/"
PASSWORD = "the right password"


@pytest.fixture(autouse=True)
def nobody_failed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(throttle, "_one_at_a_time", asyncio.Semaphore(1))  # each test has a loop of its own
    attempts.forget_all()
    yield
    attempts.forget_all()


@pytest.fixture
def grace(transactional_db: None) -> Iterator[User]:
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield User.objects.create_superuser("grace", password=PASSWORD)


def sign_in(name: str = "grace", password: str = "a guess", **request: Any) -> HttpResponse:
    return Client(**request).post(DOOR, {"login": name, "password": password})


def test_after_ten_failures_a_name_is_refused_whatever_the_password_the_spelling_the_host_and_the_address(
    grace: User,
) -> None:
    assert [sign_in().status_code for _ in range(10)] == [200] * 10
    refused = sign_in(password=PASSWORD)
    assert refused.status_code == 429
    assert 0 < int(refused["Retry-After"]) <= attempts.WINDOW
    assert 'value="grace"' in refused.content.decode()  # what was typed is still there
    for name in ("GRACE", "Grace", "grace", " grace ", "grаcе", "gráce"):
        assert sign_in(name, PASSWORD).status_code == 429
    assert sign_in(password=PASSWORD, headers={"host": "127.0.0.1:81"}).status_code == 429
    assert sign_in(password=PASSWORD, REMOTE_ADDR="192.0.2.7").status_code == 429
    assert sign_in("ada").status_code == 200  # another name is another matter


def test_failures_under_a_former_name_count_for_the_same_account_and_tell_nothing(grace: User) -> None:
    grace.username = "Hopper"
    grace.save()
    for name in ("grace", "Hopper") * 5:
        assert sign_in(name).status_code == 200
    refused = [sign_in(name, PASSWORD) for name in ("grace", "Hopper", "HOPPER")]
    assert [each.status_code for each in refused] == [429] * 3
    assert [sign_in("nobody").status_code for _ in range(11)] == [200] * 10 + [429], "as of a name without an account"


def test_nine_failures_are_forgiven_and_success_is_no_failure(grace: User) -> None:
    for _ in range(9):
        sign_in()
    assert [sign_in(password=PASSWORD).status_code for _ in range(3)] == [302] * 3
    assert sign_in().status_code == 200
    assert sign_in(password=PASSWORD).status_code == 429


def test_failures_are_forgotten_after_three_minutes(grace: User, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(10):
        sign_in()
    assert sign_in(password=PASSWORD).status_code == 429
    later = time.time() + attempts.WINDOW
    monkeypatch.setattr(attempts.time, "time", lambda: later)
    assert sign_in(password=PASSWORD).status_code == 302


def test_an_address_fails_three_hundred_times_whatever_the_names(grace: User) -> None:
    neighbour = {"REMOTE_ADDR": "2001:db8::1"}
    for number in range(290):  # as the door tells it, without its page
        request = RequestFactory(**neighbour).post(DOOR)
        user_login_failed.send(__name__, credentials={"username": f"name-{number}"}, request=request)
    for number in range(10):
        assert sign_in(f"another-{number}", **neighbour).status_code == 200
    assert sign_in(password=PASSWORD, REMOTE_ADDR="2001:db8::2").status_code == 429  # of the same /64
    assert sign_in(password=PASSWORD, REMOTE_ADDR="2001:db8:1::2").status_code == 302


@pytest.mark.parametrize("name", ["", "a" * 100_000, "e" + "\u0301" * 64_000, "\x00", "学习"])
def test_a_name_that_nobody_has_is_answered_like_any_other(grace: User, name: str) -> None:
    assert sign_in(name).status_code == 200


class Watched(MD5PasswordHasher):
    """Counts how many hashes are computed side by side."""

    algorithm = "watched"
    together = most = 0
    gate = threading.Lock()

    def encode(self, password: str, salt: str) -> str:
        with self.gate:
            Watched.together += 1
            Watched.most = max(Watched.most, Watched.together)
        time.sleep(0.005)  # what a real one takes
        with self.gate:
            Watched.together -= 1
        return super().encode(password, salt)


@override_settings(PASSWORD_HASHERS=[f"{__name__}.Watched"])
@pytest.mark.django_db(transaction=True)
async def test_one_hash_is_computed_at_a_time_and_the_queue_of_an_address_is_short() -> None:
    async def attempt(number: int) -> int:
        response = await AsyncClient().post(DOOR, {"login": f"name-{number}", "password": "a guess"})
        return response.status_code

    statuses = await asyncio.gather(*(attempt(number) for number in range(60)))
    assert Watched.most == 1
    assert statuses.count(429) == 60 - throttle.WAITING_FROM_ADDRESS
    assert statuses.count(200) == throttle.WAITING_FROM_ADDRESS


class Real(get_hasher().__class__):  # type: ignore[misc]
    """The one that is used, with its cost. Says when it began, and counts what is done."""

    algorithm = "real"
    done = 0
    began = threading.Event()

    def encode(self, *args: Any, **kwargs: Any) -> str:
        Real.began.set()
        encoded = super().encode(*args, **kwargs)
        Real.done += 1
        return str(encoded)


@override_settings(PASSWORD_HASHERS=[f"{__name__}.Real"])
async def test_a_message_is_acknowledged_while_eight_names_are_tried(opened: Open) -> None:
    socket = await opened()
    guesses = [
        asyncio.create_task(AsyncClient().post(DOOR, {"login": f"name-{number}", "password": "a guess"}))
        for number in range(8)
    ]
    assert await asyncio.to_thread(Real.began.wait, 30)
    assert (await socket.say("not kept waiting"))["type"] == "ack"
    assert Real.done < len(guesses) / 2
    assert [guess.status_code for guess in await asyncio.gather(*guesses)] == [200] * 8
    assert Real.done == 8


class Visitor(httpx.Client):
    """Somebody with a browser, who types a name and a password."""

    def attempt(self, server: Server, password: str = "a guess") -> int:
        self.get(f"{server.url}{DOOR}")
        form = {"login": "grace", "password": password, "csrfmiddlewaretoken": self.cookies["chat_csrf"]}
        return self.post(f"{server.url}{DOOR}", data=form, headers={"Origin": server.url}).status_code


def test_replicas_count_together_over_two_shards_and_alone_while_redis_is_away(tmp_path: Path) -> None:
    shards = [Valkey(tmp_path).start(), Valkey(tmp_path).start()]
    servers = [Server(tmp_path, REDIS_URL=",".join(shard.url for shard in shards)) for _ in range(2)]
    try:
        servers[0].manage("migrate", "--verbosity", "0")
        for server in servers:
            server.start()
        with Visitor(timeout=60) as visitor:
            assert {visitor.attempt(servers[number % 2]) for number in range(10)} == {200}
            assert [visitor.attempt(server) for server in servers] == [429, 429]
            for shard in shards:
                shard.kill()
            assert {visitor.attempt(servers[0]) for _ in range(5)} == {200}  # each has heard of five alone
            assert visitor.attempt(servers[0]) == 429
    finally:
        for service in [*servers, *shards]:
            service.kill()
