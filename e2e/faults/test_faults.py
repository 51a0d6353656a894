"""A selection of the faults, shortened; `make faults` runs them all."""

import asyncio

import pytest

from e2e.faults.scenarios import CONTROLS, QUICK

pytestmark = pytest.mark.faults


@pytest.mark.parametrize("fault", QUICK)
def test_nothing_is_lost_repeated_or_out_of_order(fault: str) -> None:
    account = asyncio.run(QUICK[fault]())
    assert account.is_clean, account
    assert not account.failures, account


@pytest.mark.parametrize("fault", CONTROLS)
def test_the_tutorials_consumer_fails_here_else_the_harness_proves_nothing(fault: str) -> None:
    account = asyncio.run(CONTROLS[fault]())
    assert account.lost > 0, account
