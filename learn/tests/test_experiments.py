"""The page of the layers, live: an experiment gives what its row says, on a real Redis, and leaves nothing there."""

from typing import Any

import pytest
from django.test import AsyncClient, Client

from e2e.services import Valkey
from learn import experiments
from learn.experiments import AWAY, EXPERIMENTS, tried
from learn.layers import ROWS

TRIED = [row for row in ROWS if row.key]


def test_each_row_but_the_one_that_takes_a_minute_can_be_tried() -> None:
    assert {row.key for row in TRIED} == set(EXPERIMENTS)
    assert [row.asks for row in ROWS if not row.key] == ["expiry"]


@pytest.mark.parametrize("row", TRIED, ids=lambda row: row.key)
async def test_an_experiment_gives_what_the_page_says(row: Any, redis: Valkey) -> None:
    assert await tried(row.key, redis.url) == {"memory": row.memory, "core": row.core, "pubsub": row.pubsub}
    assert b"experiment" not in redis.command("KEYS", "*experiment*").replace(b"KEYS", b"")


async def test_what_else_is_in_that_redis_stays_there(redis: Valkey) -> None:
    redis.command("SET", "somebody-elses", "1")
    await tried("flushall", redis.url)
    assert redis.command("GET", "somebody-elses") == b"$1\r\n1\r\n"


async def test_without_a_redis_the_first_column_is_tried() -> None:
    assert await tried("datetime", "") == {"memory": "passes", "core": AWAY, "pubsub": AWAY}
    assert await tried("datetime", "redis://127.0.0.1:1/0") == {"memory": "passes", "core": AWAY, "pubsub": AWAY}


async def test_the_page_shows_what_was_tried(settings: Any) -> None:
    settings.DEBUG = True
    page = (await AsyncClient().get("/learn/layers-compared/?try=datetime")).content.decode()
    assert page.count("now: passes") == 1
    assert page.count(f"now: {AWAY}") == 2
    assert "This server has no Redis" in page
    assert page.count(">Try it</a>") == len(TRIED)
    assert "now: " not in (await AsyncClient().get("/learn/layers-compared/?try=nonsense")).content.decode()


def test_without_debug_nothing_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    async def never(key: str, redis: str) -> None:
        raise AssertionError("an experiment was made in production")

    monkeypatch.setattr(experiments, "tried", never)
    page = Client().get("/learn/layers-compared/?try=all").content.decode()
    assert "Try it" not in page
    assert "now: " not in page
