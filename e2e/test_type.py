"""How words and people are set: nothing of a name is cut off, nothing is too pale, no line begins with a full stop."""

from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from e2e.conftest import PHONE, NewPage, are_stored, enter, is_ready, open_menu, say, sees
from e2e.test_look import screen

PASSWORD = "a long enough password"
CONTRAST_MIN = 4.5

# Of the words that stand in an empty field, on whatever is painted behind it: WCAG's ratio.
PLACEHOLDER_CONTRAST = """(field) => {
  const paint = document.createElement("canvas").getContext("2d", { willReadFrequently: true })
  const over = (colours) => {
    paint.clearRect(0, 0, 1, 1)
    for (const colour of colours) {
      paint.fillStyle = colour
      paint.fillRect(0, 0, 1, 1)
    }
    return [...paint.getImageData(0, 0, 1, 1).data].slice(0, 3)
  }
  const light = (colour) => {
    const [r, g, b] = colour.map((c) => c / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }
  const grounds = []
  for (let e = field; e; e = e.parentElement) grounds.unshift(getComputedStyle(e).backgroundColor)
  const { color, opacity } = getComputedStyle(field, "::placeholder")
  const [bright, dark] = [light(over(grounds)), light(over([...grounds, color]))].sort((a, b) => b - a)
  return opacity === "1" ? (bright + 0.05) / (dark + 0.05) : 0
}"""

# Where a line of a message begins: the characters.
LINE_STARTS = """(text) => {
  const starts = []
  let last = null
  const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT)
  while (walker.nextNode())
    for (let n = 0; n < walker.currentNode.length; n++) {
      const range = new Range()
      range.setStart(walker.currentNode, n)
      range.setEnd(walker.currentNode, n + 1)
      const { top, bottom } = range.getBoundingClientRect()
      if (last === null || top >= last) starts.push(range.toString())
      last = bottom - 4
    }
  return starts
}"""

DISC = """(disc) => {
  const { backgroundColor, color, width, height, fontSize } = getComputedStyle(disc)
  return [disc.className, disc.textContent, backgroundColor, color, width, height, fontSize]
}"""


@pytest.mark.parametrize("locale", ["en-GB", "zh-CN"])
@pytest.mark.parametrize("width", [320, 390, 1440])
def test_the_name_of_one_who_has_chosen_none_is_read_in_full(
    visitor: NewPage, room: str, width: int, locale: str
) -> None:
    ada = enter(visitor(locale=locale, **screen(width, 640)), room)
    if width < 1000:
        ada.locator(".menu").click()
    open_menu(ada)
    for selector in (".me bdi", "#name"):
        name = ada.locator(selector)
        expect(name).to_be_visible()
        assert name.evaluate("(e) => e.scrollWidth <= e.clientWidth"), selector


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_what_stands_in_an_empty_field_is_dark_enough(visitor: NewPage, room: str, theme: str) -> None:
    ada = visitor(color_scheme=theme)
    for path, fields in (
        (f"/chat/{room}/", ("#chat-message-input", ".filter input")),
        ("/chat/", ("#room-name-input",)),
        ("/search/", ("main input[name=q]",)),
        ("/learn/echo-async/", ("textarea[name=frame]",)),
    ):
        ada.goto(path)
        for field in fields:
            assert ada.locator(field).evaluate(PLACEHOLDER_CONTRAST) >= CONTRAST_MIN, (path, field)


@pytest.mark.parametrize("locale", ["en-GB", "zh-CN"])
def test_no_line_begins_with_a_mark_that_ends_something(visitor: NewPage, room: str, locale: str) -> None:
    ada = enter(visitor(locale=locale, **screen(320, 640)), room)
    texts = [
        "字" * n + "，" + "通道层" * 6 + "。「真的吗？」他问；她说：好！" + "消息" * 8 + "、再见……"
        for n in range(1, 17)
    ]
    for text in texts:
        say(ada, text)
    are_stored(ada, len(texts))
    for text in ada.locator(".message .text").all():
        starts = text.evaluate(LINE_STARTS)
        assert len(starts) > 2
        assert not set(starts) & set("，。！？」；：、…"), starts


def test_a_chinese_page_breaks_lines_as_chinese_does(visitor: NewPage, room: str) -> None:
    ming = enter(visitor(locale="zh-CN"), room)
    assert ming.evaluate("getComputedStyle(document.body).lineBreak") == "strict"


def signed_up(page: Page, name: str) -> None:
    page.goto("/accounts/signup/")
    page.locator("input[name=username]").fill(name)
    page.locator("input[type=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.locator(".who .account").wait_for()


@pytest.mark.parametrize("kind", ["guest", "account"])
def test_a_disc_is_the_same_on_its_way_and_stored_and_for_others_and_on_a_reload(
    visitor: NewPage, room: str, kind: str
) -> None:
    ada, bob, name = visitor(), enter(visitor(), room), "👩🏽‍🚀🎉"
    if kind == "account":  # no other may have its name
        name = f"👩🏽‍🚀 {uuid4().hex[:8]}"
        signed_up(ada, name)
        enter(ada, room)
    else:
        enter(ada, room)
        say(ada, f"/name {name}")
        expect(ada.locator(".me bdi")).to_have_text(name)
        expect(ada.locator(".message")).to_have_count(0)  # the command is gone as well
    disc = ada.locator(".message .disc")
    ada.context.set_offline(True)
    say(ada, "hello")
    expect(ada.locator(".message.pending")).to_be_visible()
    looks = [disc.evaluate(DISC)]
    ada.context.set_offline(False)
    are_stored(ada, 1)
    looks.append(disc.evaluate(DISC))
    sees(bob, ["hello"])
    looks.append(bob.locator(".message .disc").evaluate(DISC))
    ada.reload()
    looks.append(is_ready(ada).locator(".message .disc").evaluate(DISC))
    assert looks == [looks[0]] * 4
    assert looks[0][1] == ("👩" if kind == "guest" else name[-8].upper())
    assert ("guest" in looks[0][0].split()) == (kind == "guest")


@pytest.mark.parametrize("options", [screen(1440, 900), PHONE], ids=["desktop", "phone"])
def test_a_short_room_sits_next_to_the_composer(visitor: NewPage, room: str, options: dict[str, object]) -> None:
    ada = enter(visitor(**options), room)
    say(ada, "the only one")
    are_stored(ada, 1)
    message, foot = ada.locator(".message").bounding_box(), ada.locator(".foot").bounding_box()
    assert message
    assert foot
    assert 0 <= foot["y"] - (message["y"] + message["height"]) <= 24


@pytest.mark.parametrize("options", [screen(1440, 900), screen(320, 640)], ids=["desktop", "phone"])
def test_the_field_grows_to_a_third_of_the_height_and_scrolls_from_there(
    visitor: NewPage, room: str, options: dict[str, object]
) -> None:
    ada = enter(visitor(**options), room)
    field = ada.locator("#chat-message-input")
    field.fill("\n".join(map(str, range(60))))
    height, inner = field.evaluate("(e) => [e.offsetHeight / innerHeight, e.scrollHeight / e.offsetHeight]")
    assert 0.3 < height <= 1 / 3
    assert inner > 1
    expect(ada.get_by_role("button", name="Send")).to_be_in_viewport(ratio=1)


def test_emoji_alone_are_large_and_emoji_among_words_are_not(visitor: NewPage, room: str) -> None:
    ada, bob = enter(visitor(), room), enter(visitor(), room)
    for text in ("🎉", "tea 🎉", "🫖🎉"):
        say(ada, text)
    sees(bob, ["🎉", "tea 🎉", "🫖🎉"])
    are_stored(ada, 3)
    for page in (ada, bob):
        sizes = page.locator(".message .text").evaluate_all(
            "(all) => all.map((e) => parseInt(getComputedStyle(e).fontSize))"
        )
        assert sizes[0] == sizes[2] >= 2 * sizes[1]
