"""The failure lab: each fault loses in the tutorial's lane what it is said to lose, and nothing in the product's."""

import asyncio
import re
from dataclasses import replace
from typing import Any

import pytest
from channels.layers import channel_layers
from django.apps import apps
from django.test import AsyncClient

from learn import listing
from learn.lab import run as sandbox
from learn.lab.faults import FAULTS, Fault
from learn.lab.ground import IN_MEMORY
from learn.lab.outcome import WORDS, Outcome
from learn.lab.recorded import recorded

each_fault = pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)

# What the tutorial's Bo and Ann hear of the words that the fault concerns.
HEARD: dict[str, tuple[dict[int, str], dict[int, str]]] = {
    "cut": ({8: "lost", 9: "lost", 10: "lost"}, {}),
    "drop": ({8: "lost"}, {}),
    "delay": ({8: "order"}, {}),
    "twice": ({8: "twice"}, {}),
    "swap": ({8: "order"}, {}),
    "away": ({8: "lost", 9: "lost", 10: "lost"}, {8: "lost", 9: "lost", 10: "lost"}),
    "exception": ({8: "lost", 9: "lost", 10: "lost"}, {}),
    "slow": ({5: "late", 6: "late", 7: "late", 8: "lost", 9: "lost", 10: "lost"}, {}),
    "ack": ({8: "twice"}, {8: "twice"}),
    "death": ({8: "lost", 9: "lost", 10: "lost"}, {}),
}


def but(changed: dict[int, str]) -> list[str]:
    """All heard, but for these."""
    return [changed.get(number, "heard") for number in range(1, len(WORDS) + 1)]


@each_fault
async def test_a_fault_does_what_it_is_said_to_do(fault: Fault) -> None:
    outcome = await sandbox.run(fault.slug)
    bo, ann = HEARD[fault.slug]
    assert outcome.tutorial == {"Ann": but(ann), "Bo": but(bo)}
    assert outcome.product["Ann"] == but({})
    assert set(outcome.product["Bo"]) <= {"heard", "late"}
    assert outcome.product_reads == " ".join(WORDS) + "."


@each_fault
async def test_of_the_answers_the_right_one_is_what_bo_reads(fault: Fault) -> None:
    """Some answers quote words of the sentence: those of the right one are read, those of the others are not."""
    reads = (await sandbox.run(fault.slug)).tutorial_reads
    assert reads == recorded()[fault.slug].tutorial_reads
    quoted = [re.findall("“(?:… )?(.*?)”", answer) for answer in fault.answers]
    if fault.slug in ("delay", "twice", "swap", "ack"):
        assert quoted[fault.right]
        assert [words for words in quoted[fault.right] if words not in reads] == []
    for number, answer in enumerate(quoted):
        assert number == fault.right or not any(" " in words and words in reads for words in answer)


@each_fault
def test_the_recorded_run_is_what_a_run_gives(fault: Fault) -> None:
    bo, ann = HEARD[fault.slug]
    outcome = recorded()[fault.slug]
    assert outcome.tutorial == {"Ann": but(ann), "Bo": but(bo)}
    assert outcome.product_reads == " ".join(WORDS) + "."
    assert (outcome.tutorial_lost, outcome.product_lost) == (
        sum(kind == "lost" for kind in [*bo.values(), *ann.values()]),
        0,
    )


async def test_a_sandbox_leaves_nothing_behind() -> None:
    before = len(asyncio.all_tasks())
    for fault in FAULTS:
        await sandbox.run(fault)
    assert len(asyncio.all_tasks()) == before
    assert not [alias for alias in channel_layers.backends if alias.startswith("lab-")]
    assert sandbox._in_use == 0
    rows = {model._meta.label: await model.objects.acount() for model in apps.get_models()}
    assert not {label for label, count in rows.items() if count} - {"contenttypes.ContentType", "auth.Permission"}


async def test_a_sandbox_is_gone_when_its_visitor_is() -> None:
    running = asyncio.create_task(sandbox.run("cut"))
    await asyncio.sleep(0.1)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert sandbox._in_use == 0
    assert not [alias for alias in channel_layers.backends if alias.startswith("lab-")]


async def test_there_are_few_sandboxes_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "ground", lambda: replace(IN_MEMORY, sandboxes=1))
    results = await asyncio.gather(sandbox.run("drop"), sandbox.run("drop"), return_exceptions=True)
    assert sorted(type(result) for result in results if isinstance(result, sandbox.Full)) == [sandbox.Full]
    assert sum(isinstance(result, Outcome) for result in results) == 1


async def test_without_debug_the_recorded_run_is_shown_and_nothing_runs(settings: Any, monkeypatch: Any) -> None:
    def never(fault: str) -> None:
        raise AssertionError("a sandbox was run in production")

    monkeypatch.setattr(sandbox, "run", never)
    settings.DEBUG = False
    page = (await AsyncClient().get("/learn/failures/")).content.decode()
    assert "This is a recorded run" in page
    assert "Say it again" not in page


async def test_with_debug_a_sandbox_is_run_for_the_page(settings: Any) -> None:
    settings.DEBUG = True
    page = (await AsyncClient().get("/learn/failures/drop/")).content.decode()
    assert "was just run for you" in page
    assert recorded()["drop"].tutorial_reads in page
    assert (await AsyncClient().get("/learn/failures/none/")).status_code == 404


@each_fault
def test_the_line_that_heals_it_is_there(fault: Fault) -> None:
    shown = listing.excerpt(fault.file, fault.line, fault.before, fault.after)
    assert [line.kinds for line in shown.lines].count("lit") == 1
    assert 0 <= fault.right < len(fault.answers)
