"""The version before this one, out of git: an upgrade from a version to itself shows nothing of its migrations."""

import tarfile
from functools import cache
from pathlib import Path

from e2e.compose.stack import Failed, run
from e2e.servers import ROOT

MIGRATIONS = ":(glob)**/migrations/*.py"
OLDEST = "accounts/migrations/0001_initial.py"  # the database of a version without it cannot be migrated


def git(*arguments: str) -> str:
    """Empty where it fails: without git, without a history, or with one that does not go back so far."""
    try:
        return run("git", *arguments)
    except (Failed, OSError):
        return ""


@cache
def commit() -> str:
    """The newest commit that has other migrations, or else the one before HEAD. Empty if neither can be upgraded from.

    Other migrations than the folder has: they need not be committed yet. A commit within a branch that was merged does
    not count: not everything need work there.
    """
    changed_in = git("log", "-1", "--first-parent", "--format=%H", "--", MIGRATIONS)
    candidates = [f"{changed_in}~1", "HEAD~1"]
    if git("status", "--porcelain", "--", MIGRATIONS):
        candidates.insert(0, "HEAD")
    return next((each for each in candidates if git("ls-tree", "--name-only", each, "--", OLDEST)), "")


def description() -> str:
    if not commit():
        return "this version to itself: git knows no earlier one that can be upgraded"
    return git("log", "-1", "--format=%h (%s)", commit()) + " to what is in this folder"


def export(folder: Path) -> Path:
    """That version's files, in this folder. Returns the project's own folder if there is no such version."""
    if not commit():
        return ROOT
    archive = folder / "before.tar"
    run("git", "archive", f"--output={archive}", commit())
    with tarfile.open(archive) as files:
        files.extractall(folder / "before", filter="data")
    return folder / "before"
