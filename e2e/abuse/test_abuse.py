"""A selection of the attacks; `make abuse` runs them all."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from e2e.abuse.harness import UNPROTECTED, Ground, Outcome, attacked
from e2e.abuse.rows import QUICK

pytestmark = pytest.mark.faults


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    ground = Ground(Path(tmp_path_factory.mktemp("abuse")))
    yield ground
    ground.stop()


def run(ground: Ground, name: str, **kind: str) -> Outcome:
    """In a thread of its own: a browser driven in this process keeps a loop running in the main one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: asyncio.run(attacked(ground, name, **kind))).result()


@pytest.mark.parametrize("name", QUICK)
def test_a_stranger_is_answered_as_they_should_be_and_nobody_loses_anything(ground: Ground, name: str) -> None:
    """How long others wait, and the memory it takes, is for `make abuse` to measure: here other tests run beside it."""
    outcome = run(ground, name)
    assert not outcome.missing, outcome
    assert outcome.lost == 0, outcome


def test_without_protections_others_wait_else_the_harness_proves_nothing(ground: Ground) -> None:
    outcome = run(ground, "pongs, 4 sockets", kind=UNPROTECTED)
    assert outcome.harm, outcome
