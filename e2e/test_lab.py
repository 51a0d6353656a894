"""The failure lab while it runs, in a browser: words, a fault at a click, and what the two Bos read."""

import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from e2e.conftest import NewPage
from e2e.servers import Server


@pytest.fixture(scope="module")
def debugged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """As `make run` serves it."""
    server = Server(tmp_path_factory.mktemp("lab"), DEBUG="1")
    server.manage("migrate", "--verbosity", "0")
    yield server.start()
    server.stop()


def opened(page: Page) -> Page:
    page.goto("/learn/failures/")
    page.get_by_role("link", name="Break it while it runs").click()
    expect(page.get_by_text("All is well.")).to_be_visible()
    return page


def say(page: Page, word: str, number: int) -> None:
    page.get_by_label("A word").fill(word)
    page.get_by_role("button", name="Say it").click()
    ann = page.locator('[data-lane="product"] [data-reader="Ann"] td')  # nothing keeps it from her
    expect(ann.nth(number - 1)).to_have_class(re.compile("heard|late"))


def test_a_lost_event_is_missed_by_the_tutorials_bo_alone(visitor: NewPage, debugged: Server) -> None:
    page = opened(visitor(base_url=debugged.url))
    say(page, "we", 1)
    page.get_by_role("button", name="Drop the next event").click()
    expect(page.get_by_role("button", name="Drop the next event")).to_have_attribute("aria-pressed", "true")
    say(page, "never", 2)
    say(page, "meet", 3)
    expect(page.locator('[data-reads="tutorial"]')).to_have_text("we meet")
    expect(page.locator('[data-reads="product"]')).to_have_text("we never meet")
    expect(page.locator('[data-lost="tutorial"]')).to_have_text("1")
    expect(page.locator('[data-lost="product"]')).to_have_text("0")
    bo = page.locator('[data-lane="tutorial"] [data-reader="Bo"] td')
    expect(bo.nth(1)).to_have_class("lost")
    expect(bo.nth(1)).to_contain_text("lost")


def test_a_fault_can_be_clicked_while_the_sentence_is_said(visitor: NewPage, debugged: Server) -> None:
    page = opened(visitor(base_url=debugged.url))
    page.get_by_role("button", name="The sentence").click()
    expect(page.locator('[data-reads="product"]')).to_have_text("Tell Eve we")
    page.get_by_role("button", name="Cut Bo’s line").click()
    whole = "Tell Eve we do not meet at nine but at ten sharp"
    expect(page.locator('[data-reads="product"]')).to_have_text(whole)
    expect(page.locator('[data-reads="tutorial"]')).not_to_have_text(whole)
    expect(page.locator('[data-lost="tutorial"]')).not_to_have_text("0")
    expect(page.locator('[data-lost="product"]')).to_have_text("0")


def test_in_production_the_page_says_how_to_try_it(visitor: NewPage) -> None:
    page = visitor()
    page.goto("/learn/failures/live/")
    expect(page.get_by_text("on your own machine")).to_be_visible()
    expect(page.locator(".running")).to_have_count(0)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_in_what_debug_serves(visitor: NewPage, debugged: Server, theme: str) -> None:
    page = opened(visitor(base_url=debugged.url, color_scheme=theme))
    page.get_by_role("button", name="Drop the next event").click()
    say(page, "never", 1)
    expect(page.locator('[data-lost="tutorial"]')).to_have_text("1")
    for path in ("", "/learn/exercises/3/", "/learn/layers-compared/?try=datetime", "/chat/wired/#wire"):
        if path:
            page.goto(path)
        if "wire" in path:
            expect(page.get_by_text("Say something, and here is")).to_be_visible()
            page.locator("#chat-message-input").fill("hello")
            page.keyboard.press("Control+Enter")
            expect(page.locator(".wire .stages li")).to_have_count(5)
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
