"""The exercises are open as they are given, their solutions solve them, and the documentation lists them."""

import ast
import os
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from xml.etree import ElementTree

import pytest

from learn.catalog import DEMOS, ROOT
from learn.exercises.catalog import EXERCISES, Exercise, table, text

each_exercise = pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.module)

Outcomes = dict[str, list[str]]  # of each test of an exercise: "" if it passed, else why not


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Outcomes]:
    """The tests of all exercises, on the files as given and, beside it, on the solutions."""
    folder = tmp_path_factory.mktemp("exercises")
    tests = [str(ROOT / exercise.test) for exercise in EXERCISES]
    # A database of their own; and where nothing will come, no long wait for it.
    environment = {name: value for name, value in os.environ.items() if name != "TEST_DATABASE_URL"}
    running = {}
    for solved, patience in (("", "0.1"), ("1", "5")):
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--junitxml={folder}/{solved}.xml"]
        running[solved] = subprocess.Popen(
            [*command, *tests],
            cwd=ROOT,
            env=environment | {"SOLVED": solved, "PATIENCE": patience},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
    try:
        for run in running.values():
            output, _ = run.communicate(timeout=300)
            assert run.returncode in (0, 1), output
    finally:
        for run in running.values():
            run.kill()
    return {"given": outcomes(folder / ".xml"), "solved": outcomes(folder / "1.xml")}


def outcomes(report: Path) -> Outcomes:
    found: Outcomes = defaultdict(list)
    for case in ElementTree.parse(report).iter("testcase"):
        file = case.get("classname", "").replace(".", "/") + ".py"
        found[file].append(" ".join(f"{part.tag}: {part.get('message')}" for part in case))
    return found


@each_exercise
def test_an_exercise_is_open_as_it_is_given(exercise: Exercise, runs: dict[str, Outcomes]) -> None:
    failed = [outcome for outcome in runs["given"][exercise.test] if outcome]
    assert failed, f"{exercise.file} is solved; what is given must not be"
    for outcome in failed:
        # With CI set pytest shows values whole, and may then leave out the exception's name.
        said = outcome.startswith(("failure: AssertionError: ", "failure: assert "))
        assert said, f"it works, and a learner is told what it lacks, not {outcome}"


@each_exercise
def test_a_solution_solves_its_exercise(exercise: Exercise, runs: dict[str, Outcomes]) -> None:
    assert runs["solved"][exercise.test]
    assert not [outcome for outcome in runs["solved"][exercise.test] if outcome]


@each_exercise
def test_an_exercise_says_what_it_asks_for_and_what_to_read(exercise: Exercise) -> None:
    demo = DEMOS[exercise.demo]
    asked, _, rest = text(exercise).partition("\n\n")
    assert asked == exercise.asks
    assert rest.startswith(f"Read first: {demo.file}, live at /learn/{demo.slug}/")
    assert f"\nIn the product: {exercise.product}" in rest
    assert f"\nIts test: {exercise.test}, by `make exercise N={exercise.number}`.\n" in rest
    assert (ROOT / exercise.product).is_file()


@each_exercise
def test_exercise_and_solution_are_short_and_stand_by_themselves(exercise: Exercise) -> None:
    for file in (exercise.file, exercise.solution):
        source = (ROOT / file).read_text()
        assert len(source.splitlines()) <= 60, file
        nodes = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ImportFrom)]
        ours = {node.module for node in nodes if str(node.module).split(".")[0] in ("chat", "mysite", "learn")}
        assert ours <= {"learn.models"}, file


def test_exercises_are_numbered_and_no_file_is_forgotten() -> None:
    assert [exercise.number for exercise in EXERCISES] == list(range(1, 11))
    for folder, named in (
        ("exercises", {name for e in EXERCISES for name in (e.file, e.test)}),
        ("exercises/solutions", {e.solution for e in EXERCISES}),
    ):
        assert {f"learn/{folder}/{path.name}" for path in (ROOT / "learn" / folder).glob("ex*.py")} == named


def test_the_documentation_lists_the_exercises() -> None:
    shown = (ROOT / "docs" / "learn.md").read_text()
    assert table() in shown, "run `python -m learn.exercises.catalog` and paste what it prints"


def make_exercise(*number: str) -> subprocess.CompletedProcess[str]:
    """What `make exercise` runs."""
    command = [sys.executable, "-m", "learn.exercises", *number]
    environment = os.environ | {"SOLVED": ""}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60)


def test_the_list_has_a_line_for_each_exercise() -> None:
    listed = make_exercise()
    assert listed.returncode == 0
    for exercise in EXERCISES:
        assert f"{exercise.number:3}  {exercise.asks}\n" in listed.stdout


def test_a_number_that_is_none_is_answered_with_one_line() -> None:
    refused = make_exercise("99")
    assert refused.returncode == 2
    assert refused.stdout + refused.stderr == "There is no exercise 99; they are 1 to 10.\n"


def test_a_number_says_what_is_asked_for_and_fails_until_it_is_done() -> None:
    run = make_exercise("1")
    assert run.returncode == 1
    assert run.stdout.index(text(EXERCISES[0])) < run.stdout.index("FAILED")
