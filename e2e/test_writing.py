"""The field, what was written and not yet sent, and where it goes."""

import re

import pytest
from playwright.sync_api import Page, Route, expect

from e2e.conftest import NewPage, are_stored, enter, is_ready, say, sees
from e2e.test_rooms import fill

FIELD = "#chat-message-input"
SERVER_REFUSES = """{
  const { send } = WebSocket.prototype
  WebSocket.prototype.send = function (text) {
    const { message, client_id } = JSON.parse(text)
    if (!message?.startsWith("refuse")) return send.call(this, text)
    const code = message.split(" ")[1]
    const answer = { type: "error", code, reason: code, detail: "The reason.", client_id, retry_after: 3 }
    if (code === "rate_limited") send.call(this, JSON.stringify({ message: "the rest", client_id }))
    setTimeout(() => this.onmessage({ data: JSON.stringify(answer) }))
  }
}"""


def paste(page: Page, text: str) -> None:
    page.locator(FIELD).focus()
    page.evaluate("(text) => document.execCommand('insertText', false, text)", text)


def test_control_characters_that_were_pasted_are_cleaned(visitor: NewPage, room: str) -> None:
    ada = enter(visitor(), room)
    paste(ada, "a slide\vits second line\fnext\u0085last \x1b[31mred\x1b[0m\x07")
    expect(ada.locator(FIELD)).to_have_value("a slide\nits second line\nnext\nlast [31mred[0m")
    ada.keyboard.type("!")
    ada.keyboard.press("Enter")
    sees(ada, ["a slide\nits second line\nnext\nlast [31mred[0m!"])


def test_the_first_line_keeps_its_indent(visitor: NewPage, room: str) -> None:
    """Of code, and when it is edited too."""
    ada, bob = enter(visitor(), room), enter(visitor(), room)
    say(ada, "\n  \n    if tea:\n        pour()\n\n")
    code = bob.locator(".message pre code")
    expect(code).to_have_js_property("textContent", "if tea:\n    pour()\n")
    are_stored(ada, 1)
    ada.keyboard.press("ArrowUp")
    expect(ada.locator(FIELD)).to_have_value("    if tea:\n        pour()")
    say(ada, "    if coffee:\n        brew()\n")
    expect(code).to_have_js_property("textContent", "if coffee:\n    brew()\n")


@pytest.mark.parametrize("code", ["too_long", "bad_frame", "conflict"])
def test_a_refused_message_whose_words_have_to_change_goes_back_into_the_field(
    visitor: NewPage, room: str, code: str
) -> None:
    ada = visitor()
    ada.add_init_script(SERVER_REFUSES)
    enter(ada, room)
    say(ada, f"refuse {code}")
    expect(ada.get_by_text("Not sent: The reason.")).to_be_visible()
    expect(ada.get_by_role("button", name="Try again")).to_have_count(0)
    ada.locator(FIELD).fill("begun meanwhile")
    ada.get_by_role("button", name="Put back into the field").click()
    expect(ada.locator(FIELD)).to_have_value(f"refuse {code}\nbegun meanwhile")
    expect(ada.locator(".failed")).to_have_count(0)
    ada.reload()
    expect(ada.locator(FIELD)).to_have_value(f"refuse {code}\nbegun meanwhile")


def test_who_is_too_fast_sees_for_how_long_to_wait(visitor: NewPage, room: str) -> None:
    ada = visitor()
    ada.add_init_script(SERVER_REFUSES)
    enter(ada, room)
    timer = ada.locator(".notice[role=timer]")  # the bar has one too
    say(ada, "refuse rate_limited")
    expect(timer).to_have_text(re.compile("What waits is sent in 3 s."))
    expect(timer).to_have_text(re.compile("What waits is sent in 2 s."))
    expect(timer).to_have_count(0)


def test_a_message_on_its_way_says_so_also_below_another_and_has_its_full_colour(visitor: NewPage, room: str) -> None:
    ada = enter(visitor(), room)
    say(ada, "one")
    sees(ada, ["one"])
    ada.context.set_offline(True)
    ada.locator(FIELD).fill("two")
    colours = ada.locator(FIELD).evaluate(
        """async (field) => {
          field.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true }))
          while (!document.querySelector(".pending")) await new Promise(requestAnimationFrame)
          return [...document.querySelectorAll(".message .text")].map((each) => getComputedStyle(each).color)
        }"""
    )
    assert len(colours) == 2
    assert len(set(colours)) == 1
    expect(ada.locator(".message.pending.continues .state")).to_be_visible()


def test_a_wrong_clock_puts_nothing_under_another_day(visitor: NewPage, room: str) -> None:
    ada = visitor()
    ada.clock.install(time="2031-01-01T12:00:00Z")
    enter(ada, room)
    say(ada, "one")
    sees(ada, ["one"])
    ada.context.set_offline(True)
    say(ada, "two")
    expect(ada.locator(".message.pending")).to_have_class(re.compile("continues"))
    expect(ada.locator(".day")).to_have_count(1)


def test_what_is_said_on_a_page_of_the_past_leads_to_where_it_was_said(visitor: NewPage, room: str) -> None:
    ada = enter(visitor(), room)
    fill(ada, room, 60)
    ada.goto(f"/chat/{room}/?before=30")
    is_ready(ada)
    say(ada, "an answer, late")
    expect(ada.locator(".message:not(.pending) .text").last).to_have_text("an answer, late")


def test_a_draft_survives_a_closed_tab_in_each_room(visitor: NewPage, room: str) -> None:
    ada = enter(visitor(), room)
    context = ada.context
    ada.locator(FIELD).press_sequentially("half a sentence")
    enter(ada, f"{room}-other").locator(FIELD).press_sequentially("another half")
    ada.close()
    again = enter(context.new_page(), room)
    expect(again.locator(FIELD)).to_have_value("half a sentence")
    say(again, "a whole sentence")
    sees(again, ["a whole sentence"])
    enter(again, f"{room}-other")
    expect(again.locator(FIELD)).to_have_value("another half")
    enter(again, room)
    expect(again.locator(FIELD)).to_have_value("")


def test_without_storage_escape_brings_the_draft_back(visitor: NewPage, room: str) -> None:
    ada = visitor()
    for storage in ("localStorage", "sessionStorage"):
        ada.add_init_script(
            f"Object.defineProperty(window, '{storage}', {{ get() {{ throw new Error('forbidden') }} }})"
        )
    enter(ada, room)
    say(ada, "one")
    sees(ada, ["one"])
    ada.locator(FIELD).press_sequentially("a draft")
    ada.locator(".message").hover()
    ada.get_by_role("button", name="Edit", exact=True).click()
    expect(ada.locator(FIELD)).to_have_value("one")
    ada.keyboard.press("Escape")
    expect(ada.locator(FIELD)).to_have_value("a draft")


def without_cookies(route: Route) -> None:
    headers = {name: value for name, value in route.request.headers.items() if name != "cookie"}
    response = route.fetch(headers=headers)
    kept = {name: value for name, value in response.headers.items() if name != "set-cookie"}
    route.fulfill(response=response, headers=kept)


def test_without_cookies_one_is_told_and_offered_nothing_that_cannot_work(visitor: NewPage, room: str) -> None:
    ada = visitor()
    ada.add_init_script("Object.defineProperty(Navigator.prototype, 'cookieEnabled', { get: () => false })")
    ada.route(f"**/chat/{room}/", without_cookies)
    enter(ada, room)
    expect(ada.get_by_text("Cookies are blocked here")).to_be_visible()
    expect(ada.get_by_label("Your name")).to_be_hidden()
    say(ada, "hello")
    sees(ada, ["hello"])
    ada.locator(".message").hover()
    expect(ada.get_by_role("toolbar")).to_have_count(0)


def test_the_field_grows_by_script_where_css_cannot_do_it(visitor: NewPage, room: str) -> None:
    ada = visitor()
    ada.add_init_script("CSS.supports = () => false")
    ada.add_init_script(
        """addEventListener("DOMContentLoaded", () => {
          const sheet = new CSSStyleSheet()
          sheet.replaceSync("textarea { field-sizing: fixed !important }")
          document.adoptedStyleSheets.push(sheet)
        })"""
    )
    enter(ada, room)
    height = "(field) => field.getBoundingClientRect().height"
    one = ada.locator(FIELD).evaluate(height)
    ada.locator(FIELD).fill("1\n2\n3")
    three = ada.locator(FIELD).evaluate(height)
    assert three > one * 1.8
    say(ada, "done")
    assert ada.locator(FIELD).evaluate(height) == one


@pytest.mark.parametrize("key_code", [229])
def test_the_last_enter_of_a_composition_sends_nothing(visitor: NewPage, room: str, key_code: int) -> None:
    ada = enter(visitor(), room)
    ada.locator(FIELD).fill("学习")
    ada.locator(FIELD).evaluate(
        """(field, keyCode) => field.dispatchEvent(
          new KeyboardEvent("keydown", { key: "Enter", keyCode, bubbles: true, cancelable: true }))""",
        key_code,
    )
    expect(ada.locator(FIELD)).to_have_value("学习")
    sees(ada, [])


def test_two_tabs_of_a_room_have_drafts_of_their_own(visitor: NewPage, room: str) -> None:
    ada = enter(visitor(), room)
    say(ada, "one")
    sees(ada, ["one"])
    other = enter(ada.context.new_page(), room)
    other.locator(FIELD).press_sequentially("the other's")
    ada.keyboard.press("ArrowUp")
    expect(ada.locator(FIELD)).to_have_value("one")
    ada.keyboard.press("Escape")
    expect(ada.locator(FIELD)).to_have_value("")
    ada.locator(FIELD).press_sequentially("my own")
    for page, draft in ((ada, "my own"), (other, "the other's")):
        page.reload()
        expect(page.locator(FIELD)).to_have_value(draft)
