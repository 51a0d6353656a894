"""What people write: formatting, code, lists, pasted code, commands."""

from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from chat import markdown
from chat.tests.markdown_corpus import pairs
from e2e.conftest import NewPage, enter, is_ready, say
from e2e.test_accounts import sign_up

FIELD = "#chat-message-input"
LINES = """async (bodies) => {
  const loaded = performance.getEntriesByType("resource").find(({ name }) => /[/]line[^/]*[.]js/.test(name))
  const { lineOfHtml } = await import(loaded.name)
  return bodies.map((html) => lineOfHtml(`<div class="text">${html}</div>`))
}"""


def test_a_message_is_shown_as_it_was_meant(visitor: NewPage, room: str) -> None:
    ada, bob = enter(visitor(), room), enter(visitor(), room)
    say(ada, "**loud** and *soft*\n\n- one\n- two\n\n```py\nx = 1\n```\n\n| a |\n|---|\n| 1 |")
    message = bob.locator("#m1")
    for tag in ("strong", "em", "ul > li >> nth=1", "figure.code", "table td"):
        expect(message.locator(tag)).to_be_visible()
    expect(message.locator("code .k, code .s").or_(message.locator("code")).first).to_have_text("x = 1\n")


def test_code_is_copied_as_it_was_typed(visitor: NewPage, room: str) -> None:
    ada = enter(visitor(permissions=["clipboard-read", "clipboard-write"]), room)
    say(ada, "```html\n<b>\n\n  &amp;\n```")
    ada.get_by_role("button", name="Copy the code").click()
    expect(ada.locator("figcaption")).to_contain_text("Copied")
    assert ada.evaluate("navigator.clipboard.readText()") == "<b>\n\n  &amp;\n"


def test_editing_brings_back_what_was_typed_also_after_a_reload(visitor: NewPage, room: str) -> None:
    ada = enter(visitor(), room)
    text = "**loud** & <b>\n- one\n- two"
    say(ada, text)
    ada.locator("#m1").wait_for()
    enter(ada, room)
    ada.keyboard.press("ArrowUp")
    expect(ada.locator(FIELD)).to_have_value(text)
    ada.keyboard.press("Escape")


@pytest.mark.parametrize(("key", "sign"), [("b", "**"), ("i", "*"), ("e", "`")])
def test_a_key_wraps_what_is_selected_and_unwraps_it(visitor: NewPage, room: str, key: str, sign: str) -> None:
    ada = enter(visitor(), room)
    ada.locator(FIELD).fill("a word here")
    select(ada, 2, 6)
    ada.keyboard.press(f"Control+{key}")
    expect(ada.locator(FIELD)).to_have_value(f"a {sign}word{sign} here")
    ada.keyboard.press(f"Control+{key}")
    expect(ada.locator(FIELD)).to_have_value("a word here")
    ada.keyboard.press("Control+z")
    expect(ada.locator(FIELD)).to_have_value(f"a {sign}word{sign} here")


def select(page: Page, start: int, end: int) -> None:
    page.locator(FIELD).evaluate(f"field => field.setSelectionRange({start}, {end})")


@pytest.mark.parametrize(
    ("first", "next"), [("- one", "- "), ("* one", "* "), ("9. one", "10. "), ("  1) one", "  2) "), ("no list", "")]
)
def test_a_list_goes_on_with_the_next_line(visitor: NewPage, room: str, first: str, next: str) -> None:
    ada = enter(visitor(), room)
    ada.keyboard.type(first)
    ada.keyboard.press("Shift+Enter")
    expect(ada.locator(FIELD)).to_have_value(f"{first}\n{next}")
    ada.keyboard.press("Shift+Enter")
    expect(ada.locator(FIELD)).to_have_value(f"{first}\n\n")


def test_pasted_code_is_offered_as_a_block(visitor: NewPage, room: str) -> None:
    ada = enter(visitor(permissions=["clipboard-read", "clipboard-write"]), room)
    code = "def f():\n    return `1`"
    ada.evaluate("text => navigator.clipboard.writeText(text)", code)
    ada.keyboard.type("see ")
    ada.keyboard.press("Control+v")
    ada.get_by_role("button", name="Make it a block").click()
    expect(ada.locator(FIELD)).to_have_value(f"see \n```\n{code}\n```\n")
    ada.evaluate("text => navigator.clipboard.writeText(text)", "two lines\nof words")
    ada.locator(FIELD).fill("")
    ada.keyboard.press("Control+v")
    expect(ada.locator(FIELD)).to_have_value("two lines\nof words")
    expect(ada.get_by_role("button", name="Make it a block")).to_have_count(0)


def test_commands_are_completed_and_an_unknown_one_stays_in_the_field(visitor: NewPage, room: str) -> None:
    ada = enter(visitor(), room)
    ada.keyboard.type("/sh")
    expect(ada.locator("#completion li")).to_have_text(["/shrug" + "¯\\_(ツ)_/¯"])
    ada.keyboard.press("Tab")
    ada.keyboard.type("why")
    ada.keyboard.press("Enter")
    expect(ada.locator("#m1 .text")).to_have_text("why ¯\\_(ツ)_/¯")
    ada.keyboard.type("/nonsense now")
    ada.keyboard.press("Enter")
    expect(ada.locator(".notice p")).to_contain_text("There is no command /nonsense")
    expect(ada.locator(FIELD)).to_have_value("/nonsense now")
    ada.locator(FIELD).fill("//me as typed")
    ada.keyboard.press("Enter")
    expect(ada.locator("#m2 .text")).to_have_text("/me as typed")
    ada.locator(FIELD).fill("/me waves")
    ada.keyboard.press("Enter")
    expect(ada.locator("#m3 .text em")).to_contain_text("waves")


def test_a_topic_is_set_by_whom_the_room_belongs_to_and_refused_to_others(visitor: NewPage, room: str) -> None:
    ada, bob = visitor(), visitor()
    sign_up(ada, f"Ada {uuid4().hex[:8]}")
    ada.goto("/rooms/new/")
    ada.get_by_label("Name").fill(room)
    ada.get_by_role("button", name="Make the room").click()
    ada.wait_for_url(f"**/chat/{room}/")
    is_ready(ada)
    enter(bob, room)
    say(ada, "/topic Tea, and what goes with it")
    expect(ada.locator(FIELD)).to_have_value("")
    say(bob, "/topic Coffee")
    expect(bob.locator(".failed .state")).to_contain_text("may change its topic")
    for page in (ada, bob):
        page.reload()
        expect(page.locator(".head .title p")).to_have_text("Tea, and what goes with it")
        expect(page.locator(".message:not(.failed)")).to_have_count(0)


def test_help_opens_and_closes_by_keyboard(visitor: NewPage, room: str) -> None:
    ada = enter(visitor(), room)
    ada.keyboard.type("/help ")
    ada.keyboard.press("Enter")
    expect(ada.get_by_role("dialog")).to_contain_text("**bold**")
    expect(ada.locator(FIELD)).to_have_value("")
    ada.keyboard.press("Escape")
    expect(ada.get_by_role("dialog")).to_have_count(0)
    expect(ada.locator(".message")).to_have_count(0)


def test_a_button_shows_what_can_be_written_and_leaves_what_was_typed(visitor: NewPage, room: str) -> None:
    ada = enter(visitor(), room)
    ada.keyboard.type("a begi")
    button = ada.get_by_role("button", name="Formatting help")
    button.click()
    expect(ada.get_by_role("dialog")).to_contain_text("**bold**")
    ada.keyboard.press("Escape")
    expect(button).to_be_focused()
    expect(ada.locator(FIELD)).to_have_value("a begi")
    ada.set_viewport_size({"width": 390, "height": 700})
    expect(button).to_be_hidden()


def test_the_line_of_a_message_is_the_same_by_the_page_as_by_the_server(visitor: NewPage, room: str) -> None:
    ada = enter(visitor(), room)
    bodies = [html for _, html in pairs()]
    assert ada.evaluate(LINES, bodies) == [markdown.words(html) for html in bodies]
