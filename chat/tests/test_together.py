"""Reads that are asked for together are made together."""

import asyncio

import pytest
from django.db import OperationalError

from chat.together import reading_together

pytestmark = pytest.mark.django_db(transaction=True)


async def test_what_is_asked_while_a_read_runs_is_answered_by_one_more() -> None:
    reads: list[list[int]] = []

    def doubled(numbers: list[int]) -> list[int]:
        reads.append(numbers)
        return [number * 2 for number in numbers]

    ask = reading_together(doubled)
    assert await asyncio.gather(*map(ask, range(600))) == [number * 2 for number in range(600)]
    assert [len(numbers) for numbers in reads] == [500, 100]
    assert await ask(7) == 14


async def test_all_who_asked_hear_that_a_read_failed_and_the_next_one_is_tried_anew() -> None:
    failing = True

    def read(numbers: list[int]) -> list[int]:
        if failing:
            raise OperationalError("gone")
        return numbers

    ask = reading_together(read)
    outcomes = await asyncio.gather(ask(1), ask(2), return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [OperationalError, OperationalError]
    failing = False
    assert await ask(3) == 3


async def test_one_who_gives_up_takes_no_answer_from_the_others() -> None:
    ask = reading_together(lambda numbers: numbers)
    gone, stays = asyncio.create_task(ask(1)), asyncio.create_task(ask(2))
    await asyncio.sleep(0)
    gone.cancel()
    assert await stays == 2
