"""Each fault does on real servers what it does in the sandbox: the same words are lost, and none of the product's."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest

from e2e.lab.running import on_real_servers
from e2e.lab.stack import Stack
from learn.lab.faults import FAULTS
from learn.lab.outcome import WORDS, Outcome
from learn.lab.recorded import recorded  # a test compares it with a run

pytestmark = pytest.mark.faults


async def all_of_them() -> dict[str, Outcome]:
    async with Stack() as stack:
        return {fault: await on_real_servers(stack, fault) for fault in FAULTS}


@pytest.fixture(scope="module")
def real() -> dict[str, Outcome]:
    """In a thread of its own: a browser driven in this process keeps a loop running in the main one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, all_of_them()).result()


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_loses_on_real_servers_what_it_loses_in_the_sandbox(fault: str, real: dict[str, Outcome]) -> None:
    there, here = real[fault], recorded()[fault]
    assert {reader: _wrong(heard) for reader, heard in there.tutorial.items()} == {
        reader: _wrong(heard) for reader, heard in here.tutorial.items()
    }
    assert there.product_lost == 0
    assert there.product_reads == " ".join(WORDS) + "."


def _wrong(heard: list[str]) -> list[str]:
    """Whether it is late depends on this machine."""
    return ["heard" if kind == "late" else kind for kind in heard]
