"""Names after `@`, completed while one writes: by keyboard, with an input method, for two of one first name."""

import sys
from unicodedata import category

from playwright.sync_api import CDPSession, Page, expect

from chat.mentions.naming import may_precede
from chat.mentions.tests.test_mentions import BEFORE_A_SIGN
from e2e.conftest import NewPage, are_stored, enter, say, sees
from e2e.test_unread import account

FIELD = "#chat-message-input"
FOUND = "#completion li bdi"


def name_of(page: Page) -> str:
    return page.locator("#room").get_attribute("data-name") or ""


def test_a_name_is_completed_by_keyboard_and_counts_as_a_mention(visitor: NewPage, room: str) -> None:
    ada, bob = enter(account(visitor, "Ada"), room), enter(account(visitor, "Bob"), room)
    say(bob, "I belong here")
    sees(ada, ["I belong here"])
    bob.goto("/chat/")
    ada.keyboard.type("tea, @b")
    expect(ada.locator(FOUND)).to_have_text([name_of_first(ada)])
    ada.keyboard.press("Enter")
    expect(ada.locator(FIELD)).to_have_value(f"tea, @{name_of_first(ada)} ")
    ada.keyboard.type("?")
    ada.keyboard.press("Enter")
    are_stored(ada, 1)
    expect(ada.locator("#completion")).to_be_hidden()
    bob.goto("/inbox/")
    expect(bob.locator(".message .text")).to_contain_text("tea, @Bob")


def test_while_names_are_offered_control_and_enter_send_what_was_typed(visitor: NewPage, room: str) -> None:
    page = enter(visitor(), room)
    page.keyboard.type("tea, :smi")
    expect(page.locator(FOUND).first).to_be_visible()
    page.keyboard.press("Control+Enter")
    sees(page, ["tea, :smi"])
    expect(page.locator(FIELD)).to_have_value("")
    expect(page.locator("#completion")).to_be_hidden()


def name_of_first(page: Page) -> str:
    return page.locator(".message .author").first.inner_text()


def test_two_people_of_one_first_name_are_told_apart_and_who_spoke_last_comes_first(
    visitor: NewPage, room: str
) -> None:
    ada = enter(visitor(), room)
    first, second = (enter(account(visitor, f"Grace {last}"), room) for last in ("Brewster", "Hopper"))
    brewster, hopper = name_of(first), name_of(second)
    say(first, "one")
    are_stored(first, 1)
    say(second, "two")
    sees(ada, ["one", "two"])
    ada.keyboard.type("你好@gra")
    expect(ada.locator(FOUND)).to_have_text([hopper, brewster])
    ada.keyboard.press("ArrowDown")
    ada.keyboard.press("Tab")
    expect(ada.locator(FIELD)).to_have_value(f"你好@{brewster} ")
    ada.locator(FIELD).fill("")
    ada.keyboard.type("@Grace H")
    expect(ada.locator(FOUND)).to_have_text([hopper])
    ada.keyboard.press("Escape")
    ada.keyboard.press("Enter")
    are_stored(ada, 1)


def test_an_input_method_composes_a_name_and_its_enter_chooses_nothing(visitor: NewPage, room: str) -> None:
    ada, ming = enter(visitor(), room), enter(account(visitor, "小明"), room)
    say(ming, "在")
    sees(ada, ["在"])
    keyboard = ada.context.new_cdp_session(ada)
    ada.keyboard.insert_text("你好")
    ada.keyboard.type("@")
    expect(ada.locator(FOUND)).to_have_text([name_of(ming)])
    compose(keyboard, "xiao")
    press_in_composition(keyboard, "Enter")
    expect(ada.locator(FIELD)).to_have_value("你好@xiao")
    keyboard.send("Input.insertText", {"text": "小"})
    expect(ada.locator(FIELD)).to_have_value("你好@小")
    expect(ada.locator(FOUND)).to_have_text([name_of(ming)])
    ada.keyboard.press("Enter")
    expect(ada.locator(FIELD)).to_have_value(f"你好@{name_of(ming)} ")


def compose(keyboard: CDPSession, text: str) -> None:
    keyboard.send("Input.imeSetComposition", {"text": text, "selectionStart": len(text), "selectionEnd": len(text)})


def press_in_composition(keyboard: CDPSession, key: str) -> None:
    """As an input method has it, which takes the key."""
    keyboard.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", "key": key, "windowsVirtualKeyCode": 229})


SIGNS = """async (script, before) => {
    const { SIGN } = await import(script.src.replace("room.js", "mentions/mentions.js"))
    return before.map((characters) => SIGN.test(`${characters}@Ad`))
}"""


def test_the_page_and_the_server_agree_where_a_name_may_begin(visitor: NewPage, room: str) -> None:
    """After every character that Python knows: the browser's Unicode is newer."""
    known = [chr(code) for code in range(sys.maxunicode) if category(chr(code)) not in ("Cn", "Cs")]
    script = enter(visitor(), room).locator("script[src$='room.js']")
    in_page = script.evaluate(SIGNS, [*BEFORE_A_SIGN])
    assert dict(zip(BEFORE_A_SIGN, in_page, strict=True)) == BEFORE_A_SIGN
    in_page = dict(zip(known, script.evaluate(SIGNS, known), strict=True))
    assert " ".join(f"U+{ord(each):04X}" for each in known if in_page[each] != may_precede(each)) == ""


def test_only_the_owner_is_offered_everyone(visitor: NewPage, room: str) -> None:
    ada, bob = account(visitor, "Ada"), account(visitor, "Bob")
    ada.goto("/rooms/new/")
    ada.get_by_label("Name").fill(room)
    ada.get_by_role("button", name="Make the room").click()
    enter(bob, room)
    say(bob, "here")
    for page, found in ((enter(ada, room), ["room"]), (bob, [])):
        page.locator(FIELD).fill("")
        page.keyboard.type("@roo")
        expect(page.locator(FOUND)).to_have_text(found)
