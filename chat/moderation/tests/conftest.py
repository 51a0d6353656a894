"""What moderation remembers in the process is forgotten before and after each of its tests."""

from collections.abc import Iterator

import pytest

from chat.moderation import bans, rules


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    rules._mutes.cache_clear()
    bans._bans.clear()
    yield
    bans._bans.clear()
