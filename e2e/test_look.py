"""The look: nothing jumps, nothing is cut off, whatever the screen, the script, the zoom, the colours or the paper."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from e2e.conftest import PHONE, NewPage, enter, say, sees
from e2e.test_rooms import fill

SHEET_MAX = 36 * 1024  # bytes of a room's stylesheet, as it is written
SHIFT_MAX = 0.02
LINE = 24  # pixels of a line of a message

SHIFT = """() => new Promise((done) => {
  new PerformanceObserver((list) => done(list.getEntries().reduce((sum, { value }) => sum + value, 0)))
    .observe({ type: "layout-shift", buffered: true })
  setTimeout(() => done(0), 500)
})"""


def slowly(page: Page) -> None:
    """Every script comes a second late."""

    def late(route: Route) -> None:
        page.wait_for_timeout(1000)
        route.continue_()

    page.route("**/*.js", late)


def screen(width: int, height: int) -> dict[str, Any]:
    return {"viewport": {"width": width, "height": height}}


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def conversation(visitor: NewPage, room: str, count: int = 60) -> None:
    ada, bob = enter(visitor(), room), enter(visitor(), room)
    fill(ada, room, count // 2)
    fill(bob, room, count // 2)


@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("zone", ["UTC", "Asia/Kolkata"])
def test_nothing_jumps_when_the_scripts_come_late(visitor: NewPage, room: str, width: int, zone: str) -> None:
    conversation(visitor, room)
    ada = visitor(timezone_id=zone, **screen(width, 844))
    for address in (f"/chat/{room}/", f"/chat/{room}/", "/chat/"):  # at first without a cookie, then with one
        ada.goto("about:blank")
        slowly(ada)
        ada.goto(address)
        ada.wait_for_timeout(2500)  # for whatever would still move
        assert ada.evaluate(SHIFT) <= SHIFT_MAX, address


def test_without_javascript_days_groups_and_times_are_there(visitor: NewPage, room: str) -> None:
    conversation(visitor, room, 6)
    ada = visitor(java_script_enabled=False)
    ada.goto(f"/chat/{room}/")
    expect(ada.locator(".day")).to_have_text(["Today"])
    expect(ada.locator(".message:not(.continues)")).to_have_count(2)
    times = ada.locator(".message time").all_inner_texts()
    assert len(times) == 6
    assert all(re.fullmatch(r"\d+:\d\d", time) for time in times)


@pytest.mark.parametrize("size", [(320, 640), (390, 844), (1440, 900), (720, 450), (360, 225)], ids=str)
def test_a_name_of_64_wide_letters_pushes_nothing_off_the_screen(visitor: NewPage, size: tuple[int, int]) -> None:
    ada = enter(visitor(**screen(*size)), "w" * 64)
    assert fits(ada)
    for button in ("Send", "Rooms") if size[0] < 1000 else ("Send",):
        expect(ada.get_by_role("button", name=button, exact=True)).to_be_attached()
    expect(ada.get_by_role("button", name="Send")).to_be_in_viewport(ratio=1)
    ada.goto("/chat/")
    assert fits(ada)


def test_each_paragraph_has_the_direction_of_its_script(visitor: NewPage, room: str) -> None:
    ada = enter(visitor(), room)
    text = "a long line in English that makes the message wider than what it is measured by, and wider\nمرحبا\nagain"
    say(ada, text)
    sees(ada, [text])
    lefts = ada.locator(".message:not(.pending) .text").evaluate("""(text) => {
      const { left, width } = text.getBoundingClientRect()
      const range = new Range()
      return ["English", "مرحبا", "again"].map((word) => {
        const line = [...text.firstChild.childNodes].find((each) => each.textContent.includes(word))
        const at = line.textContent.indexOf(word)
        range.setStart(line, at)
        range.setEnd(line, at + word.length)
        return (range.getBoundingClientRect().left - left) / width
      })
    }""")
    assert lefts[1] > 0.7
    assert lefts[2] < 0.05


def test_paper_has_the_whole_conversation_and_nothing_to_press(visitor: NewPage, room: str) -> None:
    conversation(visitor, room)
    ada = enter(visitor(color_scheme="dark"), room)
    ada.emulate_media(media="print")
    for gone in (".sidebar", ".foot", ".menu", ".older"):
        expect(ada.locator(gone)).to_be_hidden()
    page, last = ada.evaluate("""() => {
      const messages = document.querySelectorAll(".message")
      const top = messages[0].getBoundingClientRect().top
      return [document.documentElement.scrollHeight, messages[messages.length - 1].getBoundingClientRect().bottom - top]
    }""")
    assert page >= last > 1000
    assert ada.evaluate("getComputedStyle(document.body).color").startswith("oklch(0.24"), "ink, not chalk"


def test_copying_takes_the_words_and_no_hidden_times_or_buttons(visitor: NewPage, room: str) -> None:
    ada = enter(visitor(), room)
    for text in ("one", "two", "three"):
        say(ada, text)
    sees(ada, ["one", "two", "three"])
    ada.locator(".message").last.hover()
    expect(ada.get_by_role("toolbar")).to_be_visible()
    ada.locator("#chat-log").evaluate("(log) => getSelection().selectAllChildren(log)")
    lines = [line for line in ada.evaluate("getSelection().toString()").split("\n") if line.strip()]
    assert [line for line in lines if line in ("one", "two", "three")] == ["one", "two", "three"]
    assert len(lines) <= 5, lines  # and once the name and the time
    assert ada.evaluate("getSelection().toString()").count(":") == 1


def test_forced_colours_keep_shapes_and_mark_nobody(visitor: NewPage, room: str) -> None:
    ada, bob = enter(visitor(forced_colors="active"), room), enter(visitor(), room)
    say(ada, "mine")
    say(bob, "yours")
    expect(ada.locator(".message:not(.pending)")).to_have_count(2)
    edges = ada.locator(".message").evaluate_all("(all) => all.map((e) => getComputedStyle(e).borderWidth)")
    assert edges == ["0px", "0px"]
    discs = ada.locator(".message .disc").evaluate_all("(all) => all.map((e) => getComputedStyle(e).borderStyle)")
    assert set(discs) == {"solid"}
    outline = ada.locator(".composer .well").evaluate("(e) => getComputedStyle(e).outlineStyle")
    assert outline == "solid"


def test_the_author_of_every_message_is_heard(visitor: NewPage, room: str) -> None:
    conversation(visitor, room, 6)
    ada = enter(visitor(), room)
    heard = ada.locator("#chat-log").aria_snapshot()
    assert heard.count("article") == heard.count("Anonymous-") == 6


def test_the_drawer_takes_the_focus_and_a_tap_beside_it_closes_it(visitor: NewPage, room: str) -> None:
    ada = enter(visitor(**PHONE), room)
    drawer, menu = ada.get_by_role("navigation", name="Rooms"), ada.locator(".menu")
    menu.tap()
    expect(drawer).to_be_visible()
    assert ada.evaluate("document.getElementById('sidebar').contains(document.activeElement)")
    assert ada.locator("#chat-log").evaluate("(log) => log.inert")
    ada.touchscreen.tap(340, 300)
    expect(drawer).to_be_hidden()
    expect(menu).to_be_focused()
    assert not ada.locator("#chat-log").evaluate("(log) => log.inert")


@pytest.mark.parametrize("size", [(390, 844), (1440, 900)], ids=str)
def test_the_current_room_is_in_sight_among_many(visitor: NewPage, room: str, size: tuple[int, int]) -> None:
    ada = enter(visitor(**screen(*size)), room)
    for n in range(40):
        ada.evaluate("""(name) => fetch(`/chat/${name}/messages/`, {
          method: "POST",
          headers: { "X-CSRFToken": document.querySelector("[name=csrfmiddlewaretoken]").value },
          body: new URLSearchParams({ message: "hello" }),
        })""", f"{room}-{n}")  # fmt: skip
    ada.reload()
    if size[0] < 1000:
        ada.locator(".menu").click()
    expect(ada.locator("[aria-current=page]")).to_be_in_viewport(ratio=1)


def test_what_makes_it_installable_is_there(visitor: NewPage) -> None:
    ada = visitor()
    ada.goto("/chat/")
    address = ada.locator("link[rel=manifest]").get_attribute("href")
    assert address
    answer = ada.request.get(address)
    assert answer.headers["content-type"] == "application/manifest+json"
    manifest = answer.json()
    assert (manifest["start_url"], manifest["display"]) == ("/chat/", "standalone")
    touch = ada.locator("link[rel=apple-touch-icon]").get_attribute("href")
    for source in [icon["src"] for icon in manifest["icons"]] + [touch]:
        assert ada.request.get(source or "").headers["content-type"].startswith("image/")
    assert ada.locator("meta[name=theme-color]").count() == 2


def test_the_stylesheet_is_small_and_kept(visitor: NewPage, room: str) -> None:
    ada = visitor()
    ada.goto(f"/chat/{room}/")
    (address,) = ada.locator("link[rel=stylesheet]").evaluate_all("(links) => links.map((link) => link.href)")
    answer = ada.request.get(address)
    assert len(answer.body()) <= SHEET_MAX
    assert "immutable" in answer.headers["cache-control"]


def test_a_message_that_waits_is_laid_out_like_one_that_is_stored(visitor: NewPage, room: str) -> None:
    ada = enter(visitor(), room)
    ada.context.set_offline(True)
    say(ada, "waits")
    disc = ada.locator(".message .disc")
    expect(ada.locator(".message.pending")).to_be_visible()
    before = disc.bounding_box()
    ada.context.set_offline(False)
    expect(ada.locator(".message:not(.pending)")).to_be_visible()
    after = disc.bounding_box()
    assert before
    assert after
    assert (before["width"], before["height"]) == (after["width"], after["height"])
