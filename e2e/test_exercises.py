"""An exercise in the browser: a hint, consoles, its test, and the learner's file, which runs as soon as it is saved."""

import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from e2e.conftest import NewPage
from e2e.servers import ROOT, Server
from learn.exercises.catalog import EXERCISES

SOON = 2.0  # seconds from saving to running
TESTED = 90_000  # milliseconds: a process of its own starts, beside other tests


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("exercises")
    for exercise in EXERCISES:
        shutil.copy(ROOT / exercise.file, folder)
    return folder


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory, folder: Path) -> Iterator[Server]:
    """As `make run` serves it, with the learner's files elsewhere."""
    server = Server(tmp_path_factory.mktemp("workshop"), DEBUG="1", EXERCISES_IN=str(folder))
    server.manage("migrate", "--verbosity", "0")
    yield server.start()
    server.stop()


def press(page: Page, name: str) -> None:
    page.locator('[data-of="1"]').get_by_role("button", name=name, exact=True).click()


def test_what_is_saved_runs_in_the_console_within_two_seconds(visitor: NewPage, workshop: Server, folder: Path) -> None:
    page = visitor(base_url=workshop.url)
    page.goto("/learn/exercises/1/")
    frames = page.locator(".console .frames").first
    expect(page.locator(".saved")).to_contain_text("Your file is watched")
    press(page, "/me waves")
    expect(frames).to_contain_text("Anonymous: /me waves")
    taken = []
    for solved in (ROOT / EXERCISES[0].file, ROOT / EXERCISES[0].solution) * 2:  # more than once: others compute too
        before = page.locator(".saved").inner_text()
        begun = time.monotonic()
        shutil.copy(solved, folder / "ex01_me.py")
        expect(page.locator(".saved")).not_to_have_text(before)
        taken.append(time.monotonic() - begun)
        page.wait_for_timeout(1000)  # the page says since when, to the second
    assert min(taken) < SOON
    expect(page.locator(".edited")).to_contain_text("def answer(self, text)")
    press(page, "/me waves")
    expect(frames).to_contain_text("* Anonymous waves")


def test_a_mistake_is_said_in_the_console(visitor: NewPage, workshop: Server, folder: Path) -> None:
    page = visitor(base_url=workshop.url)
    page.goto("/learn/exercises/7/")
    (folder / "ex07_limit.py").write_text("def (")
    press(page, "hello")
    expect(page.locator(".console .frames").first).to_contain_text("SyntaxError")
    expect(page.locator(".console .frames").first).to_contain_text("closed 4500")


def test_a_hint_unfolds_and_the_solution_is_asked_for_twice(visitor: NewPage, workshop: Server) -> None:
    page = visitor(base_url=workshop.url)
    page.goto("/learn/exercises/3/")
    hint = page.get_by_text("Which line runs on every way out")
    expect(hint).to_be_hidden()
    page.get_by_text("A hint", exact=True).click()
    expect(hint).to_be_visible()
    page.get_by_text("One solution", exact=True).click()
    expect(page.get_by_text("def tell_how_many")).to_be_hidden()
    page.get_by_text("Show it, although").click()
    expect(page.get_by_text("def tell_how_many")).to_be_visible()


def test_two_consoles_are_two_people_in_one_room(visitor: NewPage, workshop: Server) -> None:
    page = visitor(base_url=workshop.url)
    page.goto("/learn/exercises/6/")
    ada, bob = page.locator('[data-of="1"]'), page.locator('[data-of="2"]')
    bob.get_by_role("button", name="Connect", exact=True).click()
    expect(bob.locator(".state")).to_have_text("connected")
    ada.get_by_role("button", name="one", exact=True).click()
    for console in (ada, bob):
        expect(console.locator(".in")).to_contain_text('{"message": "one"}')


def test_what_is_saved_is_tested_until_it_is_solved(visitor: NewPage, workshop: Server, folder: Path) -> None:
    page = visitor(base_url=workshop.url)
    page.goto("/learn/exercises/2/")
    tested = page.locator(".tested")
    expect(tested.locator("li")).to_have_count(4)
    expect(page.locator(".saved")).to_contain_text("Your file is watched")
    tested.get_by_role("button", name="Run the test").click()
    expect(tested.get_by_text("0 of 4 pass").first).to_be_visible(timeout=TESTED)
    failed = tested.locator("li", has_text="a new name is announced to all")
    expect(failed).to_contain_text(": failed")
    expect(failed).to_contain_text('instead of {"message": "Anonymous is now Ada"}')
    (folder / "ex02_name.py").write_text("def (")
    expect(tested).to_contain_text("ex02_name.py cannot be loaded: SyntaxError", timeout=TESTED)
    shutil.copy(ROOT / EXERCISES[1].solution, folder)
    expect(tested.get_by_text("4 of 4 pass").first).to_be_visible(timeout=TESTED)
    expect(tested).to_contain_text("Solved.")
    expect(tested.locator("li", has_text=": passed")).to_have_count(4)
    page.get_by_text("One solution", exact=True).click()
    expect(page.locator(".solution .listing")).to_be_visible()
    page.goto("/learn/")
    expect(page.locator(".exercises li").nth(1)).to_contain_text("solved")


def test_without_javascript_a_button_tests_it_too(visitor: NewPage, workshop: Server) -> None:
    page = visitor(base_url=workshop.url, java_script_enabled=False)
    page.goto("/learn/exercises/4/")
    page.get_by_role("button", name="Run the test").click(timeout=TESTED, no_wait_after=True)
    expect(page.locator(".tested")).to_contain_text("of 4 pass", timeout=TESTED)
    expect(page).to_have_url(f"{workshop.url}/learn/exercises/4/#test")
