"""pyproject.toml names the direct dependencies; the requirements pin them, with hashes, and name no index."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
DIRECT = {
    "requirements.txt": PROJECT["project"]["dependencies"],
    "requirements-dev.txt": PROJECT["project"]["dependencies"] + PROJECT["dependency-groups"]["dev"],
}


def name_of(requirement: str) -> str:
    return re.split(r"[^\w.-]", requirement, maxsplit=1)[0].lower()


@pytest.mark.parametrize("file", DIRECT)
def test_every_direct_dependency_is_pinned_with_hashes(file: str) -> None:
    text = (ROOT / file).read_text()
    pins = re.findall(
        r"^([\w.-]+)==\S+(?: ;[^\\\n]*)? \\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", text, re.MULTILINE
    )
    assert {name_of(requirement) for requirement in DIRECT[file]} <= {name for name, _ in pins}
    assert len(pins) == len(re.findall(r"^\w", text, re.MULTILINE))


@pytest.mark.parametrize("file", DIRECT)
def test_the_requirements_name_no_index(file: str) -> None:
    assert not re.search(r"://|--(extra-)?index|--find-links", (ROOT / file).read_text())
