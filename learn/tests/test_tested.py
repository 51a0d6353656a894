"""The page of an exercise runs its test: in its own process, one at a time, not for ever, and never in production."""

import asyncio
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from learn.catalog import ROOT
from learn.exercises.catalog import EXERCISES
from learn.practice import tested, tester
from learn.practice.sentences import sentences

ADDRESS = "/learn/exercises/1/test/"
ME, NAME, ONLINE = EXERCISES[:3]
LOADED = 6  # times that a run loads the first exercise: one of its four tests is made of three texts


@pytest.fixture(autouse=True)
def nothing_was_tested(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tested, "_last", {})
    monkeypatch.setattr(tested, "_turn", asyncio.Lock())  # each test has an event loop of its own
    monkeypatch.setattr(tested, "SECONDS_MAX", 300.0)  # other tests may run beside these


@pytest.fixture
def debug(settings: Any) -> None:
    settings.DEBUG = True


def save(folder: Path, text: str) -> None:
    (folder / "ex01_me.py").write_text(text)


def page_after_the_test() -> str:
    answer = Client().post(ADDRESS, follow=True)
    assert answer.redirect_chain == [("/learn/exercises/1/#test", 302)]
    return answer.content.decode()


@pytest.mark.usefixtures("debug")
def test_a_solved_exercise_shows_each_sentence_passed_and_its_solution(folder: Path) -> None:
    shutil.copy(ROOT / ME.solution, folder)
    page = page_after_the_test()
    assert "4 of 4 pass" in page
    assert "<b>Solved.</b>" in page
    for sentence in sentences(ME).values():
        assert f'{sentence}<span class="visually-hidden">: passed</span>' in page
    assert "<details open>" in page
    save(folder, (folder / "ex01_me.py").read_text() + "\n")
    assert "Before your last save." in Client().get("/learn/exercises/1/").content.decode()


@pytest.mark.usefixtures("debug", "folder")
def test_a_sentence_that_failed_says_what_came_and_what_was_expected() -> None:
    page = page_after_the_test()
    assert "1 of 4 pass" in page
    failed = r"""their name<span class="visually-hidden">: failed</span><p class="small quiet">/me waves, from Ada: """
    assert re.search(failed + r"<code>.*Ada: /me waves.*</code> instead of <code>.*\* Ada waves.*</code>", page)
    assert "Solved" not in page


@pytest.mark.usefixtures("debug")
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("import re\ndef (", "ex01_me.py cannot be loaded: SyntaxError: invalid syntax (line 2)"),
        ("import re\n1 / 0", "ex01_me.py cannot be loaded: ZeroDivisionError: division by zero (line 2)"),
        ("exit(3)", "ex01_me.py cannot be loaded: SystemExit: 3 (line 1)"),
        ("import os; os._exit(7)", "The test’s process ended by itself, with exit code 7."),
    ],
)
def test_a_file_that_cannot_be_loaded_is_said_in_one_line(folder: Path, text: str, said: str) -> None:
    save(folder, text)
    page = page_after_the_test()
    assert f'<p class="wrong">{said}</p>' in page
    assert "Traceback" not in page
    assert "pass</b>" not in page


@pytest.mark.usefixtures("debug")
def test_a_file_that_is_away_and_one_that_is_no_text_are_shown_so(folder: Path) -> None:
    (folder / "ex01_me.py").write_bytes(b"\xff\xfe")
    assert "cannot be loaded: SyntaxError" in page_after_the_test()
    (folder / "ex01_me.py").unlink()
    page = page_after_the_test()
    assert "There is no file learn/exercises/ex01_me.py." in page
    assert "this file is not there" in page


async def test_an_exception_in_the_consumer_is_said_with_its_line(folder: Path) -> None:
    lines = (ROOT / ME.file).read_text().splitlines()
    place = next(number for number, line in enumerate(lines, 1) if "def receive" in line)
    save(folder, "\n".join([*lines[:place], "        no_such_name", *lines[place:]]))
    trial = await tested.tested(ME)
    assert trial.passed == 0
    assert {verdict.why for verdict in trial.verdicts} == {
        f"NameError: name 'no_such_name' is not defined (line {place + 1})"
    }


async def test_a_test_that_hangs_is_stopped(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tested, "_turn", asyncio.Lock())  # each test has an event loop of its own
    monkeypatch.setattr(tested, "SECONDS_MAX", 4.0)
    save(folder, "while True:\n    pass")
    trial = await tested.tested(ME)
    assert trial.problem.startswith("The test did not end within 4 s, and was stopped.")
    assert trial.seconds < 8
    assert trial.passed == 0


def test_what_had_ended_before_is_shown_and_what_hung_is_named() -> None:
    first, second, third = list(sentences(ONLINE))[:3]
    lines = [{"begins": first}, {"ended": first}, {"begins": second}, {"failed": second, "why": "one"}]
    lines += [{"failed": second, "why": "two"}, {"ended": second}, {"begins": third}]
    verdicts, problem = tested.judged(ONLINE, lines, "too late")
    assert problem == "too late"
    assert [verdict.passed for verdict in verdicts] == [True, False, False, None, None, None]
    assert [verdict.why for verdict in verdicts[:3]] == ["", "one", "this one did not end"]


async def test_two_who_ask_for_the_same_share_one_run(folder: Path) -> None:
    save(folder, f"open('{folder}/runs', 'a').write('.')\n" + (ROOT / ME.file).read_text())
    await asyncio.gather(tested.try_out(ME), tested.try_out(ME))
    assert len((folder / "runs").read_text()) == LOADED
    await tested.try_out(ME)
    assert len((folder / "runs").read_text()) == 2 * LOADED


async def test_tests_run_one_at_a_time(folder: Path) -> None:
    for exercise in (ME, NAME):
        note = f"import atexit, os\nnote = lambda what: open('{folder}/notes', 'a').write(what)\n"
        note += "if not os.environ.get('NOTED'):\n    os.environ['NOTED'] = '1'\n    note('<')\n"
        note += "    atexit.register(note, '>')\n"
        (folder / f"{exercise.module}.py").write_text(note + (ROOT / exercise.solution).read_text())
    await asyncio.gather(tested.try_out(ME), tested.try_out(NAME))
    assert (folder / "notes").read_text() == "<><>"


async def test_when_the_page_has_left_the_process_ends(folder: Path) -> None:
    save(folder, f"import os, time\nopen('{folder}/id', 'w').write(f'{{os.getpid()}}\\n')\ntime.sleep(60)")
    running = asyncio.create_task(tested.try_out(ME))
    async with asyncio.timeout(200):
        while not ((folder / "id").exists() and (folder / "id").read_text().endswith("\n")):  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    with pytest.raises(ProcessLookupError):
        os.kill(int((folder / "id").read_text()), 0)


@pytest.mark.usefixtures("folder")
async def test_without_pytest_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tested, "find_spec", lambda name: None)
    trial = await tested.tested(ME)
    assert trial.problem == "This needs pytest: “make exercise N=1” in a second terminal installs it."


@pytest.mark.usefixtures("debug")
def test_it_takes_a_post_with_a_token_and_one_of_ten_numbers() -> None:
    assert Client().get(ADDRESS).status_code == 405
    assert Client().post("/learn/exercises/11/test/").status_code == 404
    assert Client(enforce_csrf_checks=True).post(ADDRESS).status_code == 403
    assert not tested._last


def test_in_production_nothing_is_tested(folder: Path) -> None:
    assert Client().post(ADDRESS).status_code == 404
    assert not tested._last
    page = Client().get("/learn/exercises/1/").content.decode()
    assert "<form" not in page
    assert "make exercise N=1" in page


def test_in_production_what_tests_is_not_even_imported() -> None:
    unwanted = {"learn.practice.tested", "learn.practice.tester", "learn.practice.live", "pytest"}
    code = f"import mysite.asgi, mysite.urls, sys; print(sorted(set(sys.modules) & {unwanted}))"
    environment = os.environ | {"DEBUG": "0", "LEARN": "1"}
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert run.stdout == "[]\n", run.stderr


@pytest.mark.parametrize(
    ("compared", "said"),
    [
        (("==", {"heard": "nothing came for 1 s"}, {"online": 1}), ("nothing came for 1 s", '{"online": 1}')),
        (("==", (None, "nothing came for 1 s"), ("1", "one")), ("nothing came for 1 s", "('1', 'one')")),
        (("in", "error", {"message": "学"}), ('{"message": "学"}', "something with 'error'")),
        (("not in", "error", {"error": 1}), ('{"error": 1}', "something without 'error'")),
        (("in", ["a"], (["b"], ["c"])), ("['a']", "['b'] or ['c']")),
        (("<=", 9.6, 9), ("9.6 <= 9 is not so", None)),
        (("==", b"x" * 500, b""), ("b'" + "x" * 198 + "…", "b''")),
    ],
)
def test_what_differs_is_said_as_one_reads_it(compared: tester.Compared, said: tuple[str, str]) -> None:
    different = tester.differing(compared)
    assert (different["came"], different.get("expected")) == said
    assert tester.differing(None) == {}
