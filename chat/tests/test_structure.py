"""The core can be read without its features, in one order, in an evening."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from chat.tests.structure import (
    ARROWS,
    CORE,
    READING_PATH,
    READING_PATH_MAX,
    ROOT,
    feature_of,
    features,
    imports,
    modules,
)
from e2e.features import without

CORE_FILES = sorted(CORE.glob("*.py"))
LINES_MAX = 250  # of a file


def test_there_are_features_else_these_tests_show_nothing() -> None:
    assert {"reactions", "renaming", "typing"} <= set(features())


@pytest.mark.parametrize("path", CORE_FILES, ids=lambda path: path.name)
def test_the_core_imports_features_only_where_they_plug_in(path: Path) -> None:
    used = {feature_of(name) for name in imports(path)} - {None}
    assert not used or path.name in ("features.py", "urls.py"), used


@pytest.mark.parametrize("feature", features())
def test_a_feature_imports_the_core_and_only_the_features_that_it_may(feature: str) -> None:
    for path in modules(CORE / feature):
        used = {feature_of(name) for name in imports(path)} - {None, feature}
        assert used <= ARROWS.get(feature, set()), path
        assert "chat.features" not in imports(path), path


@pytest.mark.parametrize("feature", features())
def test_the_first_line_of_a_feature_says_in_one_sentence_what_it_does(feature: str) -> None:
    assert re.fullmatch(r'"""[A-Z].+\."""\n', (CORE / feature / "__init__.py").read_text())


def test_the_core_is_read_in_the_readmes_order_and_nothing_imports_what_comes_later() -> None:
    order = re.findall(r"^\d+\. \[`?(chat/\w+\.py)`?\]", (ROOT / "README.md").read_text(), re.MULTILINE)
    unlisted = {"chat/__init__.py", "chat/admin.py", "chat/apps.py"}  # nobody imports these
    assert sorted(order) == sorted({str(path.relative_to(ROOT)) for path in CORE_FILES} - unlisted)
    for place, file in enumerate(order):
        later = {name.removesuffix(".py").replace("/", ".") for name in order[place:]}
        assert not imports(ROOT / file) & later, file


def test_pages_ask_who_comes_together_with_the_address_since_bans_are_of_both() -> None:
    """By `of_request` or `identify_request`; what comes before Django has the address by chat.handshake."""
    for path in modules(CORE):
        if path.name not in ("identity.py", "handshake.py"):
            assert not re.search(r"\b(of_cookies|identify)\(", path.read_text()), path


@pytest.mark.parametrize("folder", ["accounts", "chat"])
def test_nothing_below_imports_what_stands_above_it(folder: str) -> None:
    above = {"accounts": ("chat", "ops", "learn", "mysite"), "chat": ("ops", "learn", "mysite")}[folder]
    for path in modules(ROOT / folder):
        assert not {name for name in imports(path) if name.split(".")[0] in above}, path


def test_a_messages_whole_way_is_read_in_an_evening() -> None:
    lines = sum(len((ROOT / file).read_text().splitlines()) for file in READING_PATH)
    assert lines <= READING_PATH_MAX


@pytest.mark.parametrize("folder", ["accounts", "chat", "mysite", "ops", "learn", "static/chat"])
def test_no_file_is_too_long_to_hold_one_idea(folder: str) -> None:
    paths = [*modules(ROOT / folder), *(ROOT / folder).rglob("*.js"), *(ROOT / folder).rglob("*.css")]
    data = {"learn/catalog.py"}  # the texts of 28 demos
    long = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in paths}
    assert {name: lines for name, lines in long.items() if lines > LINES_MAX and name not in data} == {}


@pytest.mark.parametrize("feature", features())
def test_the_core_is_there_without_a_feature(feature: str, tmp_path: Path) -> None:
    without(feature, tmp_path)
    run = "import mysite.asgi; from django.core.management import call_command; call_command('check')"
    subprocess.run([sys.executable, "-c", run], cwd=tmp_path, check=True, timeout=60)


def test_the_cores_tests_pass_without_reactions(tmp_path: Path) -> None:
    without("reactions", tmp_path)
    own_database = {name: value for name, value in os.environ.items() if "DATABASE_URL" not in name}
    run = [sys.executable, "-m", "pytest", "-q", "-p", "no:xdist", "-p", "no:cacheprovider"]
    tests = ["chat/tests/test_posting.py", "chat/tests/test_consumer.py"]
    subprocess.run([*run, *tests], cwd=tmp_path, env=own_database, check=True, timeout=300)
