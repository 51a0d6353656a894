"""An exercise's test, run for its page: in a process of its own, one at a time, and not for ever. With DEBUG alone."""

import asyncio
import json
import os
import sys
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic

from learn.catalog import ROOT
from learn.exercises.catalog import Exercise
from learn.practice.live import file_of, saved_at
from learn.practice.sentences import sentences

SECONDS_MAX = 60.0
OTHERWISE = {"SOLVED", "TEST_DATABASE_URL", "PYTEST_ADDOPTS"}  # of the environment: they would test something else
STUCK = "did not end within {seconds:g} s, and was stopped. A loop without await, or time.sleep, lets nothing else run."


@dataclass(frozen=True)
class Verdict:
    """On one sentence of the test."""

    sentence: str
    passed: bool | None = None  # None: it did not come to it
    why: str = ""
    came: str = ""
    expected: str = ""


@dataclass(frozen=True)
class Trial:
    stamp: int  # of the file that was tested: learn.practice.live.saved_at
    seconds: float
    verdicts: list[Verdict]
    problem: str = ""  # why there are no verdicts, or not all

    @property
    def passed(self) -> int:
        return sum(verdict.passed is True for verdict in self.verdicts)

    @property
    def is_solved(self) -> bool:
        return self.passed == len(self.verdicts) > 0


_turn = asyncio.Lock()
_last: dict[int, Trial] = {}  # by the exercise's number


def last(exercise: Exercise) -> Trial | None:
    return _last.get(exercise.number)


async def try_out(exercise: Exercise) -> None:
    """Whoever asks while a test runs waits for their turn. If another page was first with the same, that is enough."""
    before = _last.get(exercise.number)
    async with _turn:
        now = _last.get(exercise.number)
        if now is None or now is before or now.stamp != saved_at(exercise):
            _last[exercise.number] = await tested(exercise)


async def tested(exercise: Exercise) -> Trial:
    begun, stamp = monotonic(), saved_at(exercise)
    lines: list[dict[str, str]] = []
    problem = obstacle(exercise)
    if not problem:
        try:
            async with asyncio.timeout(SECONDS_MAX):
                problem = await _run(exercise, lines)
        except TimeoutError:
            problem = f"The test {STUCK.format(seconds=SECONDS_MAX)}"
    verdicts, problem = judged(exercise, lines, problem)
    return Trial(stamp, monotonic() - begun, verdicts, problem)


def obstacle(exercise: Exercise) -> str:
    if not find_spec("pytest") or not (ROOT / exercise.test).is_file():
        return f"This needs pytest: “make exercise N={exercise.number}” in a second terminal installs it."
    if not file_of(exercise).is_file():
        return f"There is no file {exercise.file}. “git checkout {exercise.file}” brings it back."
    return ""


async def _run(exercise: Exercise, lines: list[dict[str, str]]) -> str:
    """What the process says is added to the lines. Returns why it did not come to its end."""
    environment = {name: value for name, value in os.environ.items() if name not in OTHERWISE}
    with TemporaryDirectory(prefix="exercise-", ignore_cleanup_errors=True) as folder:  # also of one that is killed
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "learn.practice.tester", str(exercise.number)),
            cwd=ROOT,
            env=environment | {"TMPDIR": folder, "PYTHONDONTWRITEBYTECODE": "1"},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
        )
        assert process.stdout  # noqa: S101 - for mypy
        try:
            async for line in process.stdout:
                lines.append(json.loads(line))
            code = await process.wait()
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
    is_over = code in (0, 1) or any("broken" in line for line in lines)
    return "" if is_over else f"The test’s process ended by itself, with exit code {code}."


def judged(exercise: Exercise, lines: list[dict[str, str]], problem: str) -> tuple[list[Verdict], str]:
    verdicts = {name: Verdict(sentence) for name, sentence in sentences(exercise).items()}
    running = ""
    for line in lines:
        match line:
            case {"broken": why}:
                return list(verdicts.values()), f"{Path(exercise.file).name} cannot be loaded: {why}"
            case {"begins": name}:
                running = name
            case {"failed": name, **rest}:
                if verdicts[name].passed is not False:  # the first reason
                    verdicts[name] = Verdict(verdicts[name].sentence, False, **rest)
            case {"ended": name}:
                running = ""
                if verdicts[name].passed is None:
                    verdicts[name] = Verdict(verdicts[name].sentence, True)
    if problem and running:
        verdicts[running] = Verdict(verdicts[running].sentence, False, "this one did not end")
    return list(verdicts.values()), problem
