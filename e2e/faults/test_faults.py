"""A selection of the faults, shortened; `make faults` runs them all."""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from e2e.faults.controls import CONTROLS, control
from e2e.faults.harness import Account
from e2e.faults.scenarios import QUICK

pytestmark = pytest.mark.faults


def run(scenario: Coroutine[Any, Any, Account]) -> Account:
    """In a thread of its own: a browser driven in this process keeps a loop running in the main one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, scenario).result()


@pytest.mark.parametrize("fault", QUICK)
def test_nothing_is_lost_repeated_or_out_of_order(fault: str) -> None:
    account = run(QUICK[fault]())
    assert account.is_clean, account
    assert not account.failures, account


@pytest.mark.parametrize("fault", CONTROLS)
def test_what_is_broken_on_purpose_fails_here_else_the_harness_proves_nothing(fault: str) -> None:
    account = run(CONTROLS[fault]())
    assert account.lost > 0, account


def test_the_tutorials_consumer_loses_nothing_without_a_fault_else_its_losses_prove_nothing() -> None:
    account = run(control("none"))
    assert account.acked > 0, account
    assert account.lost == 0, account
