"""The difference of twins: a line is shown as a change of the line that it resembles."""

import re
from itertools import pairwise

import pytest

from learn import source
from learn.catalog import DEMOS, Demo

TWINS = [demo for demo in DEMOS.values() if demo.twin]


def test_a_line_more_does_not_shift_those_after_it() -> None:
    old = ["    # A comment.", "    async_to_sync(self.send)(event)"]
    assert source.pairs(old, ["    await self.send(event)"]) == [(1, 0)]


def test_lines_that_have_nothing_in_common_are_no_pair() -> None:
    assert source.pairs(["import json"], ["        raise StopConsumer"]) == []


@pytest.mark.parametrize("demo", TWINS, ids=lambda demo: demo.slug)
def test_what_is_shown_as_a_pair_is_alike(demo: Demo) -> None:
    lines = source.difference(demo).split("\n")
    changed = [(a, b) for a, b in pairwise(lines) if a.startswith("<del") and b.startswith("<ins") and "<em>" in a + b]
    assert changed
    for old, new in changed:
        a, b = (re.sub("<[^>]+>", "", line).strip() for line in (old, new))
        assert source._likeness(a, b) >= source.ALIKE, (a, b)
        kinds = [re.match(r"(async )?def (\w+)", line) for line in (a, b)]
        assert [kind and kind[2] for kind in kinds] in ([None, None], [kinds[0] and kinds[0][2]] * 2)
