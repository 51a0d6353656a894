"""The difference of twins: a line is shown as a change of the line that it resembles."""

import re
from html import unescape

import pytest
from django.utils.html import strip_tags

from learn import source
from learn.catalog import DEMOS, ROOT, Demo

BEFORE = '<span class="visually-hidden"> Before: '
TWINS = [demo for demo in DEMOS.values() if demo.twin]


def test_a_line_more_does_not_shift_those_after_it() -> None:
    old = ["    # A comment.", "    async_to_sync(self.send)(event)"]
    assert source.pairs(old, ["    await self.send(event)"]) == [(1, 0)]


def test_lines_that_have_nothing_in_common_are_no_pair() -> None:
    assert source.pairs(["import json"], ["        raise StopConsumer"]) == []


@pytest.mark.parametrize("demo", TWINS, ids=lambda demo: demo.slug)
def test_what_is_shown_as_a_change_of_a_line_resembles_it(demo: Demo) -> None:
    changed = [line.html for line in source.difference(demo).lines if " Before: " in line.html]
    assert changed
    for html in changed:
        code, _, before = html.partition(BEFORE)
        new = strip_tags(re.sub("<del.*?</del>", "", code)).strip()
        old = strip_tags(before).strip()
        assert strip_tags(re.sub("<ins.*?</ins>", "", code)).strip() == old
        assert source.likeness(unescape(old), unescape(new)) >= source.ALIKE, (old, new)
        kinds = [re.match(r"(async )?def (\w+)", line) for line in (old, new)]
        assert [kind and kind[2] for kind in kinds] in ([None, None], [kinds[0] and kinds[0][2]] * 2)


@pytest.mark.parametrize("demo", TWINS, ids=lambda demo: demo.slug)
def test_the_numbers_are_those_of_the_file_that_is_shown(demo: Demo) -> None:
    file = demo.more[0] if demo.twin == demo.module else demo.file
    lines = (ROOT / file).read_text().splitlines()
    for line in source.difference(demo).lines:
        code = re.sub('<del.*?</del>|<span class="visually-hidden">.*?</span>', "", line.html)
        assert isinstance(line.number, int) != ("gone" in line.kinds)
        if isinstance(line.number, int):
            assert unescape(strip_tags(code)) == lines[line.number - 1]
