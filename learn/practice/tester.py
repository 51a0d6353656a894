"""`python -m learn.practice.tester 3`: an exercise's test, as `make exercise`, for a program to read.

A line of JSON when a test begins, and one when it has ended. What the learner's code prints goes nowhere.
"""

import json
import os
import sys
from collections.abc import Generator
from pathlib import Path
from typing import Any, TextIO

import pytest

from learn.catalog import ROOT
from learn.exercises.catalog import EXERCISES
from learn.practice.live import file_of

LONGEST = 200  # characters of a value
PATIENCE = float(os.environ.get("PATIENCE", "1"))  # as in learn/exercises/conftest.py

Compared = tuple[str, Any, Any]  # an operator, and what stood on either side of it


class Reporter:
    """A plugin of pytest."""

    def __init__(self, file: Path, output: TextIO) -> None:
        self._file = file
        self._output = output
        self._compared: Compared | None = None

    def say(self, **line: Any) -> None:
        print(json.dumps(line), file=self._output, flush=True)

    def pytest_assertrepr_compare(self, op: str, left: Any, right: Any) -> None:
        self._compared = op, left, right

    def pytest_runtest_setup(self, item: pytest.Function) -> None:
        self.say(begins=item.originalname)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Function, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        compared, self._compared = self._compared, None
        if call.excinfo is None:
            if call.when == "teardown":
                self.say(ended=item.originalname)
        elif any(entry.name == "exercise" for entry in call.excinfo.traceback):  # the fixture, which loads the file
            self.say(broken=self._explained(call.excinfo))
            item.session.shouldstop = "the file cannot be loaded"
        elif isinstance(call.excinfo.value, AssertionError):
            why, _, _ = str(call.excinfo.value).partition("\nassert ")
            self.say(failed=item.originalname, why="" if why.startswith("assert ") else why, **differing(compared))
        else:
            self.say(failed=item.originalname, why=self._explained(call.excinfo))
        return (yield)

    def _explained(self, failure: pytest.ExceptionInfo[BaseException]) -> str:
        """In one line, and where in the learner's file that is."""
        error = failure.value
        if isinstance(error, TimeoutError) and not str(error):
            return f"nothing came for {PATIENCE:g} s"
        numbers = [entry.lineno + 1 for entry in failure.traceback if Path(entry.path) == self._file]
        said = str(error).strip().partition("\n")[0]
        if isinstance(error, SyntaxError):
            numbers, said = [error.lineno or 0], error.msg
        where = f" (line {numbers[-1]})" if numbers else ""
        return cut(f"{type(error).__name__}: {said}" if said else type(error).__name__) + where


def differing(compared: Compared | None) -> dict[str, str]:
    """What came and what was expected, as one reads it."""
    match compared:
        case ("in", str() as part, whole):
            return {"came": shown(whole), "expected": f"something with {shown(part)}"}
        case ("in", one, several):
            return {"came": shown(one), "expected": " or ".join(shown(each) for each in several)}
        case ("not in", part, whole):
            return {"came": shown(whole), "expected": f"something without {shown(part)}"}
        case ("==" | "is", came, expected):
            return {"came": shown(came), "expected": shown(expected)}
        case (op, left, right):
            return {"came": f"{shown(left)} {op} {shown(right)} is not so"}
    return {}


def shown(value: Any) -> str:
    match value:
        case {"heard": why} | (None, str() as why):  # instead of what did not come
            return str(why)
        case dict():
            try:
                return cut(json.dumps(value, ensure_ascii=False))
            except TypeError:
                return cut(repr(value))
    return cut(repr(value))


def cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def main(number: str) -> int:
    exercise = EXERCISES[int(number) - 1]
    output = os.fdopen(os.dup(1), "w")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    options = ["-q", "--tb=no", "-p", "no:cacheprovider"]
    return pytest.main([*options, str(ROOT / exercise.test)], [Reporter(file_of(exercise), output)])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
