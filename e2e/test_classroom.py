"""The pages of the classroom: each console connects, and each prepared frame brings the answer that is promised."""

import re
from uuid import uuid4

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from e2e.conftest import PHONE, NewPage
from learn.catalog import DEMOS, Console, Demo, Try, room_console
from learn.path import PATH

PAGES = ["", "group-async/", "layers/", "long-poll/", "the-room/", "start/", "bridges/a-feed/", "bridges/a-writer/",
         "failures/", "failures/live/", "layers-compared/", "exercises/3/", "addresses/", "broken/",
         "more/"]  # fmt: skip


def open_demo(page: Page, slug: str) -> Page:
    page.goto(f"/learn/{slug}/")
    return page


def console(page: Page, number: int = 0) -> Locator:
    """Its parts: one that shares a table has some in each part of the sheet."""
    return page.locator(f'[data-of="{number + 1}"]')


def sheet(page: Page, number: int = 0) -> Locator:
    """What a console stands on, maybe with another one."""
    return page.locator(".console").filter(has=page.locator(f"#console-{number + 1}"))


def log(page: Page, number: int = 0) -> Locator:
    return sheet(page, number).locator(".frames")


def settings(page: Page, number: int = 0) -> Locator:
    """Unfolds what a console has beside its frames."""
    folded = sheet(page, number).locator(".settings:not([open]) > summary")
    if folded.count():
        folded.click()
    return console(page, number)


def attempt(page: Page, label: str, number: int = 0) -> Locator:
    """Click a prepared frame; returns the log."""
    console(page, number).get_by_role("button", name=label, exact=True).click()
    return log(page, number)


@pytest.mark.parametrize("demo", DEMOS.values(), ids=DEMOS)
def test_each_prepared_frame_brings_the_answer_that_its_page_promises(visitor: NewPage, demo: Demo) -> None:
    page = open_demo(visitor(), demo.slug)
    expect(page.get_by_role("heading", level=1)).to_have_text(demo.title)
    expect(page.locator(".code .listing").first).to_contain_text("class " if demo.slug != "views" else "def ")
    for number, shown in enumerate(demo.consoles):
        for tried in shown.tries:
            sheet(page, number).get_by_role("button", name="Clear").click()
            attempt(page, tried.label, number)
            answer = promised(demo, shown, tried)
            expect(console(page, number).locator(".in, .event").filter(has_text=answer).first).to_be_visible()


def promised(demo: Demo, shown: Console, tried: Try) -> str:
    if demo.slug == "worker":
        return "No worker answered"  # there is none here: learn/tests/test_worker.py has one
    return tried.answer


def test_a_refusal_shows_1006_and_a_close_shows_its_code(visitor: NewPage) -> None:
    page = open_demo(visitor(), "accept-refuse")
    expect(attempt(page, "be refused")).to_contain_text("closed 1006")
    expect(attempt(page, "be closed with 4123")).to_contain_text("closed 4123 (You asked for it.)")


def test_bytes_come_back_as_they_were_sent(visitor: NewPage) -> None:
    page = open_demo(visitor(), "echo-async")
    attempt(page, "hello")
    every = " ".join(f"{byte:02x}" for byte in range(256))
    form = console(page).locator("form.frame")
    settings(page).get_by_label("Sent as").select_option("binary")
    form.get_by_label("Frame", exact=True).fill(every)
    form.get_by_role("button", name="Send").click()
    row = console(page).locator(".frames .in").last
    expect(row.locator(".payload")).to_have_text(every)
    expect(row.locator(".size")).to_have_text("256 B")


def test_what_one_says_in_a_group_the_other_console_shows(visitor: NewPage) -> None:
    page = open_demo(visitor(), "group-async")
    attempt(page, "hello", 1)
    expect(console(page, 1).locator(".in")).to_have_count(1)
    attempt(page, "hello", 0)
    expect(console(page, 1).locator(".in")).to_have_count(2)


def test_a_window_that_is_closed_says_1001(visitor: NewPage) -> None:
    stays, goes = open_demo(visitor(), "websocket-sync"), open_demo(visitor(), "websocket-sync")
    attempt(stays, "an echo")
    expect(log(stays).get_by_text("hello").last).to_be_visible()
    attempt(goes, "an echo")
    expect(log(goes).get_by_text("hello").last).to_be_visible()
    goes.close()
    expect(log(stays)).to_contain_text("[one left with 1001]")


def test_two_consoles_are_one_table_and_what_both_hear_at_once_is_one_row(visitor: NewPage) -> None:
    page = open_demo(visitor(), "group-async")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    for number in (0, 1):
        console(page, number).get_by_role("button", name="Connect", exact=True).click()
        expect(console(page, number).locator(".state")).to_have_text("connected")
    sheet(page).get_by_role("button", name="Clear").click()
    attempt(page, "hello", 1)
    attempt(page, "no JSON", 0)
    heard = log(page).locator("tbody tr", has=page.locator('[aria-label="One received"]'))
    both = heard.filter(has=page.locator('[aria-label="Another received"]'))
    expect(both).to_have_count(1)
    expect(both.locator(".in")).to_have_text(['←{"message": "hello"}20 B'] * 2)
    expect(heard.last.locator('[data-of="1"]')).to_contain_text("error")
    expect(heard.last.locator('[data-of="2"]')).to_have_text("")
    times = log(page).locator("tbody th").all_inner_texts()
    assert times == sorted(times, key=float)
    settings(page)
    sheet(page).get_by_label("Show").select_option("in")
    expect(log(page).locator("tbody tr:visible")).to_have_count(2)
    sheet(page).get_by_role("button", name="Copy").click()
    expect(sheet(page).get_by_role("button", name="Copied")).to_be_visible()
    row = r'\d+\.\d{3}\t← {"message": "hello"} 20 B\t← {"message": "hello"} 20 B\n'
    assert re.match(row, page.evaluate("navigator.clipboard.readText()"))


def tab_to(page: Page, wanted: Locator) -> None:
    for _ in range(10):
        page.keyboard.press("Tab")
        if wanted.evaluate("(element) => element === document.activeElement"):
            return
    raise AssertionError("Tab does not lead there")


def test_a_console_is_used_by_keyboard_alone(visitor: NewPage) -> None:
    page = open_demo(visitor(), "echo-sync")
    console(page).get_by_role("button", name="Connect", exact=True).focus()
    page.keyboard.press("Enter")
    expect(console(page).locator(".state")).to_have_text("connected")
    tab_to(page, console(page).get_by_label("Frame", exact=True))
    page.keyboard.type("typed")
    page.keyboard.press("Enter")
    expect(console(page).locator(".frames .in .payload")).to_have_text("typed")
    tab_to(page, sheet(page).locator("summary"))
    page.keyboard.press("Enter")
    tab_to(page, console(page).get_by_label("Close code"))
    page.keyboard.type("4321")
    page.keyboard.press("Enter")
    expect(console(page).locator(".frames")).to_contain_text("closed 4321")


def test_the_last_enter_of_a_composition_sends_no_frame(visitor: NewPage) -> None:
    page = open_demo(visitor(), "echo-sync")
    console(page).get_by_role("button", name="Connect", exact=True).click()
    expect(console(page).locator(".state")).to_have_text("connected")
    frame = console(page).get_by_label("Frame", exact=True)
    frame.fill("学习")
    frame.evaluate(
        """(field) => field.dispatchEvent(
          new KeyboardEvent("keydown", { key: "Enter", keyCode: 229, bubbles: true, cancelable: true }))"""
    )
    expect(frame).to_have_value("学习")
    expect(console(page).locator(".frames .out")).to_have_count(0)
    frame.press("Enter")
    expect(console(page).locator(".frames .in .payload")).to_have_text("学习")


def test_what_cannot_be_sent_is_said_and_stays_typed(visitor: NewPage) -> None:
    page = open_demo(visitor(), "json")
    attempt(page, "a number")
    form = console(page).locator("form.frame")
    frame = form.get_by_label("Frame", exact=True)
    for kind, text, complaint in (("json", "{nonsense", "JSON"), ("binary", "0g", "hexadecimal")):
        settings(page).get_by_label("Sent as").select_option(kind)
        frame.fill(text)
        form.get_by_role("button", name="Send").click()
        expect(console(page).get_by_role("alert")).to_contain_text(complaint)
        expect(frame).to_have_value(text)
    settings(page).get_by_label("Close code").fill("12")
    console(page).get_by_role("button", name="Disconnect").click()
    expect(console(page).get_by_role("alert")).to_contain_text("3000 to 4999")


def test_the_log_is_filtered_and_copied(visitor: NewPage) -> None:
    page = open_demo(visitor(), "echo-sync")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    frames = attempt(page, "hello")
    expect(frames.locator(".in")).to_be_visible()
    settings(page).get_by_label("Show").select_option("in")
    expect(frames.locator("> div:visible")).to_have_count(1)
    console(page).get_by_role("button", name="Copy").click()
    expect(console(page).get_by_role("button", name="Copied")).to_be_visible()
    assert re.fullmatch(r"\d+\.\d{3}\t←\thello\ttext\t5 B", page.evaluate("navigator.clipboard.readText()"))


def test_the_clock_stops_for_a_browser_that_has_gone(visitor: NewPage) -> None:
    first, second = open_demo(visitor(), "sse"), open_demo(visitor(), "sse")
    attempt(first, "watch")
    expect(attempt(second, "watch").get_by_text("watching: 2").first).to_be_visible()
    first.close()
    expect(console(second).locator(".in").last).to_contain_text("watching: 1", timeout=2_000)
    console(second).get_by_role("button", name="Abort").click()
    expect(console(second).locator(".frames")).to_contain_text("aborted")


def test_a_long_poll_waits_until_somebody_says_something(visitor: NewPage) -> None:
    page = open_demo(visitor(), "long-poll")
    waiting = attempt(page, "wait")
    expect(waiting).to_contain_text("200")
    attempt(page, "say hello", 1)
    expect(waiting).to_contain_text('{"text": "hello"}')
    expect(waiting).to_contain_text("the answer is complete")


def test_from_the_map_a_newcomer_comes_step_by_step_to_the_room(visitor: NewPage) -> None:
    page = visitor()
    page.goto("/learn/")
    page.get_by_role("link", name="Begin with step 0").click()
    for stop in PATH[:-1]:
        expect(page).to_have_url(re.compile(f"{stop.url}$"))
        page.wait_for_load_state("networkidle")  # a button before its module does nothing
        if page.locator(".console").count():
            console(page).locator(".try").first.click()
            expect(console(page).locator(".in").first).to_be_visible()
        page.locator(".next .on").click()
    expect(page.locator(".code")).to_contain_text("def part_after")
    for tried in room_console("", uuid4()).tries:
        expect(attempt(page, tried.label).locator(".in").filter(has_text=tried.answer).first).to_be_visible()
    page.get_by_role("link", name="Enter the room").click()
    expect(page.locator("#chat-message-input")).to_be_focused()
    page.goto("/learn/")
    expect(page.locator(".path .done")).to_have_count(len(PATH))
    expect(page.get_by_role("link", name="Go on: the exercises")).to_be_visible()
    expect(page.locator(".progress").first).to_have_text(f"2 of {len(DEMOS)} tried")


def test_an_address_elsewhere_is_refused_and_the_console_still_works(visitor: NewPage) -> None:
    page = open_demo(visitor(), "echo-async")
    for address in ("wss://elsewhere.example/", "//elsewhere.example/ws/", "javascript:alert(1)", "http://["):
        settings(page).get_by_label("Address").fill(address)
        console(page).get_by_role("button", name="Connect", exact=True).click()
        expect(console(page).get_by_role("alert")).not_to_be_empty()
        expect(console(page).locator(".state")).to_have_text("not connected")
    settings(page).get_by_label("Address").fill("/ws/learn/echo-async/#part")
    console(page).get_by_role("button", name="Connect", exact=True).click()
    expect(console(page).locator(".state")).to_have_text("connected")
    page = open_demo(visitor(), "http-basic")
    settings(page).get_by_label("Address").fill("https://elsewhere.example/")
    console(page).get_by_role("button", name="Send", exact=True).click()
    expect(console(page).get_by_role("alert")).to_contain_text("this server alone")


def test_a_browser_takes_a_subprotocol_that_was_not_chosen_for_1006(visitor: NewPage) -> None:
    page = open_demo(visitor(), "accept-refuse")
    frames = attempt(page, "offer an unknown one")
    expect(frames).to_contain_text("closed 1006 (no goodbye: refused, no route, an exception in the consumer")


def test_in_the_lab_the_answer_is_hidden_until_somebody_has_guessed(visitor: NewPage) -> None:
    page = visitor()
    page.goto("/learn/failures/")
    expect(page.locator("#tutorial-reads")).to_be_hidden()
    expect(page.locator("td.lost").first.locator(".icon")).to_be_hidden()
    page.get_by_role("radio", name="None of them", exact=True).check(force=True)
    expect(page.locator("#tutorial-reads")).to_have_text("Tell Eve we do not meet at ten sharp.")
    expect(page.locator("#product-reads")).to_have_text("Tell Eve we do not meet at nine but at ten sharp.")
    expect(page.locator(".verdict.yes")).to_be_visible()
    expect(page.locator("#lost-tutorial")).to_have_text("3")
    expect(page.locator("#lost-product")).to_have_text("0")
    page.get_by_role("link", name="The next fault").click()
    expect(page.locator("#tutorial-reads")).to_be_hidden()
    page.keyboard.press("Tab")
    page.locator("input[name=guess]").first.focus()
    page.keyboard.press("Space")
    expect(page.locator(".verdict.nope")).to_be_visible()
    expect(page.locator("#guessed")).to_have_text("2")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_in_the_classroom(visitor: NewPage, theme: str) -> None:
    page = visitor(color_scheme=theme)
    for path in PAGES:
        page.goto(f"/learn/{path}")
        if path == "group-async/":
            expect(attempt(page, "no JSON").locator(".in")).to_be_visible()
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("path", PAGES)
def test_the_pages_fit_a_phone(visitor: NewPage, path: str) -> None:
    page = visitor(**PHONE)
    page.goto(f"/learn/{path}")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    if path == "group-async/":
        expect(attempt(page, "hello").locator(".in")).to_contain_text("hello")


# For each line of source that goes on below: how far what goes on stands to the right of where its own code begins.
HANGS = """() => [...document.querySelectorAll(".wraps .l")].flatMap((line) => {
  const range = document.createRange()
  const texts = document.createTreeWalker(line, NodeFilter.SHOW_TEXT)
  const letters = []
  while (texts.nextNode()) {
    [...texts.currentNode.data].forEach((letter, at) => {
      if (!letter.trim()) return
      range.setStart(texts.currentNode, at)
      range.setEnd(texts.currentNode, at + 1)
      letters.push(range.getBoundingClientRect())
    })
  }
  const below = letters.filter(({ top }) => top > letters[0].bottom)
  return below.length ? [Math.min(...below.map(({ left }) => left)) - letters[0].left] : []
})"""


def test_on_a_phone_a_line_that_is_too_long_goes_on_below_its_own_code(visitor: NewPage) -> None:
    page = visitor(**PHONE)
    page.goto("/learn/the-room/")
    hanging = page.evaluate(HANGS)
    assert len(hanging) > 10
    assert min(hanging) > 0


def test_twins_show_their_difference(visitor: NewPage) -> None:
    page = open_demo(visitor(), "echo-async")
    expect(page.locator(".twins ins").first).to_contain_text("Async")
    expect(page.locator(".twins del").first).to_be_visible()


def test_a_demo_that_is_not_there_is_404(visitor: NewPage) -> None:
    answer = visitor().goto("/learn/no-such-demo/")
    assert answer
    assert answer.status == 404
