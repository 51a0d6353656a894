"""A sandbox for one visitor and one fault: both lanes say the sentence, and all of it is gone when this returns."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from learn.lab.ground import ground
from learn.lab.lane import Lane
from learn.lab.outcome import WORDS, Outcome

SETTLE = 0.15  # seconds after which a word that a fault keeps back is taken for one that does not come
PATIENCE = 5.0  # seconds for any other word
SILENCED = {  # words that a fault keeps from Bo
    **dict.fromkeys(("cut", "death", "exception", "away"), range(8, 11)),
    **dict.fromkeys(("drop", "delay", "swap"), range(8, 9)),
    "slow": range(5, 11),
}
SECONDS_MAX = 20.0


class Full(Exception):  # noqa: N818 - it is an answer
    """All sandboxes are in use."""


_in_use = 0


@contextmanager
def place() -> Iterator[None]:
    """For one sandbox. Raises Full."""
    global _in_use
    if _in_use >= ground().sandboxes:
        raise Full
    _in_use += 1
    try:
        yield
    finally:
        _in_use -= 1


async def run(fault: str) -> Outcome:
    """Raises Full, or TimeoutError if this machine is too busy."""
    here = ground()
    with place():
        async with asyncio.timeout(SECONDS_MAX):
            lanes = here.tutorial(fault), here.product(fault)
            if here.is_shared:
                for lane in lanes:
                    await said(lane, fault)
            else:
                async with asyncio.TaskGroup() as saying:  # waits for both to be taken down, whatever happens
                    for lane in lanes:
                        saying.create_task(said(lane, fault))
    return outcome(fault, *lanes)


def outcome(fault: str, tutorial: Lane, product: Lane) -> Outcome:
    return Outcome(fault, _heard(tutorial), _heard(product), _sentence(tutorial), _sentence(product))


async def said(lane: Lane, fault: str) -> None:
    """The sentence, with a fault in it; then the lane is closed."""
    try:
        await lane.start()
        for number in range(1, len(WORDS) + 1):
            lane.ann.now = lane.bo.now = number
            await _before(lane, fault, number)
            await lane.say(number)
            is_silent = number in SILENCED.get(fault, ())
            is_silent_for_all = is_silent and fault == "away" and lane.needs_layer
            await lane.ann.waits_for(number, SETTLE if is_silent_for_all else PATIENCE)
            await lane.bo.waits_for(number, SETTLE if is_silent else PATIENCE)
            await _after(lane, fault, number)
        await asyncio.sleep(SETTLE)
    finally:
        await lane.close()


async def _before(lane: Lane, fault: str, number: int) -> None:
    match fault, number:
        case "cut", 8:
            await lane.cut_bo()
        case "death", 8:
            await lane.kill_b()
        case "away", 8:
            await lane.layer_leaves()
        case "away", 11:
            await lane.layer_returns()
        case (("drop" | "twice" | "swap" | "delay"), 8):
            await lane.tamper(fault)
        case "exception", 8:
            await lane.break_bo()
        case "slow", 5:
            await lane.bo_reads(False)
        case "slow", 11:
            await lane.bo_reads(True)
            await asyncio.sleep(SETTLE)
        case (("cut" | "exception"), 11):
            await lane.bo_comes_back("B")
        case "death", 11:
            await lane.bo_comes_back("A")


async def _after(lane: Lane, fault: str, number: int) -> None:
    if (fault, number) == ("ack", 8):
        await lane.say_again(number)
        await asyncio.sleep(SETTLE)


def _heard(lane: Lane) -> dict[str, list[str]]:
    return {"Ann": lane.ann.outcomes(len(WORDS)), "Bo": lane.bo.outcomes(len(WORDS))}


def _sentence(lane: Lane) -> str:
    return " ".join(WORDS[number - 1] for number in lane.bo.numbers()) + "."
