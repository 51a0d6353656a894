"""A selection of the faults, shortened; `make faults` runs them all."""

import asyncio

import pytest

from e2e.faults.controls import CONTROLS, control
from e2e.faults.scenarios import QUICK

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


def test_the_tutorials_consumer_loses_nothing_without_a_fault_else_its_losses_prove_nothing() -> None:
    account = asyncio.run(control("none"))
    assert account.acked > 0, account
    assert account.lost == 0, account
