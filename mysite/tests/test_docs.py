"""What is written: links lead somewhere, and the README is short."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = sorted(path.relative_to(ROOT).as_posix() for path in [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")])


def anchors(text: str) -> set[str]:
    """What GitHub makes of the headings."""
    headings = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES)
def test_every_link_leads_somewhere(page: str) -> None:
    for link in re.findall(r"\]\(([^)\s]+)\)", (ROOT / page).read_text()):
        if "://" in link:
            continue
        name, _, anchor = link.partition("#")
        target = ((ROOT / page).parent / name) if name else ROOT / page
        assert target.exists(), link
        assert not anchor or anchor in anchors(target.read_text()), link


def test_each_limit_is_in_the_file_that_the_table_of_limits_names() -> None:
    table = (ROOT / "docs/operations.md").read_text().partition("## Limits")[2].partition("\n## ")[0]
    files = [
        name for row in re.findall(r"^\|.*\|$", table, re.MULTILINE)[2:] for name in re.findall(r"[\w/]+\.py", row)
    ]
    assert len(files) > 20
    assert [name for name in files if not re.search(r"^[A-Z_]+\b.* = ", (ROOT / name).read_text(), re.MULTILINE)] == []


def test_the_readme_has_at_most_150_lines() -> None:
    assert len((ROOT / "README.md").read_text().splitlines()) <= 150
