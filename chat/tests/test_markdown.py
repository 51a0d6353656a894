"""Markdown shows everything that was typed, allows nothing but its own tags, and leaves links to the linker."""

import os
import re
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings, strategies as st

from chat import highlighting, markdown
from chat.tests import adversarial
from chat.tests.markdown_corpus import MOST, pairs
from chat.tests.random_texts import SIGNS, WORDS, random_texts
from chat.tests.test_links import CORPUS

BARE = ("p", "br", "strong", "em", "del", "pre", "ul", "li", "blockquote", "hr", "table", "thead", "tbody", "tr")
ALLOWED: dict[str, set[str]] = {
    **{tag: set() for tag in BARE},
    "code": {"class"}, "span": {"class"}, "ol": {"start"}, "th": {"align"}, "td": {"align"},
    "a": {"href", "target", "rel"}, "figure": {"class"}, "figcaption": set(),
}  # fmt: skip


class Seen(HTMLParser):
    """What of the HTML is seen, and where its links lead. Fails on anything that is not allowed, or left open."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.text, self.links, self._open = "", list[str](), list[str]()
        self.feed(html)
        self.close()
        assert not self._open, html

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        assert {name for name, _ in attributes} <= ALLOWED[tag], (tag, attributes)
        values = {name: value or "" for name, value in attributes}
        if tag == "a":
            assert values["href"].lower().startswith(("http://", "https://"))
            self.links.append(values["href"])
        if "class" in values:
            classes = {"code": r"language-[\w+#.-]{1,20}", "span": "[kscf]", "figure": "code"}
            assert re.fullmatch(classes[tag], values["class"])
        if tag not in ("br", "hr"):
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    handle_decl = handle_pi = unknown_decl = handle_comment


def letters(text: str) -> list[str]:
    return sorted(character for character in text if character.isalnum())


def checked(text: str) -> Seen:
    """Everything is allowed, and every letter is there: seen, in a link, or told by a block's number or label."""
    html = markdown.rendered(text, MOST)
    seen = Seen(html)
    missing = letters(text)
    for character in letters(seen.text + "".join(seen.links)):
        if character in missing:
            missing.remove(character)
    unseen = r"^[\s>*+-]*(?:\d{1,9}[.)]\s.*|[`~]{3,}.*)$|^\s*\d{1,9}[.)]$"
    told = letters("".join(re.findall(unseen, text, re.MULTILINE)))
    assert all(character in told or character in "xX" for character in missing), (text, html)
    return seen


@pytest.mark.parametrize(("text", "html"), pairs(), ids=range(len(pairs())))
def test_each_text_of_the_corpus_becomes_the_html_that_was_reviewed(
    text: str, html: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(highlighting, "SECONDS_MAX", 60.0)
    assert markdown.rendered(text, MOST) == html
    Seen(html)


def test_hostile_texts_have_nothing_but_the_allowed_tags() -> None:
    """How long they take is measured by `python -m bench.markdown`."""
    texts = adversarial.texts() + adversarial.fenced()
    assert len(texts) >= 100
    for text in texts:
        html = markdown.rendered(text, MOST)
        assert len(html) <= MOST
        Seen(html)


@given(st.lists(st.sampled_from(SIGNS + WORDS), max_size=30).map("".join))
@settings(max_examples=500)
def test_any_text_has_nothing_but_the_allowed_tags_and_shows_what_was_typed(text: str) -> None:
    checked(text)


def test_random_texts() -> None:
    """5,000 of them; `MARKDOWN_TEXTS=300000` for more."""
    for text in random_texts(int(os.environ.get("MARKDOWN_TEXTS", "5000"))):
        checked(text)


@given(st.text(max_size=200))
def test_any_characters(text: str) -> None:
    checked(text)


@pytest.mark.parametrize(("text", "expected"), CORPUS)
def test_a_text_has_the_same_links_with_markdown_as_without(text: str, expected: list[str]) -> None:
    if any("\ud800" <= character <= "\udfff" for character in text):
        return  # no message holds one
    outside = "`" not in text and not re.search(r"^(?: {4}|\t)", text, re.MULTILINE)
    if outside:
        assert Seen(markdown.rendered(text, MOST)).links == expected
        assert Seen(markdown.rendered(f"{text}\n\n*x*", MOST)).links == expected
    assert Seen(markdown.rendered(f"```\n{text}\n```", MOST)).links == []


@given(
    st.lists(
        st.sampled_from(["a", "b c", "学习", "<b>", "&amp;", "http://a.com", "\n", "\n\n", "|", ".", "(", "!"])
    ).map("".join)
)
def test_a_text_without_markup_is_what_markdown_would_make_of_it(text: str) -> None:
    def tidy(html: str) -> str:
        return re.sub(r"\s*(<br>|</?p>)\s*", r"\1", html)

    if not markdown._SPECIAL.search(text) and text.strip():
        assert tidy(markdown.plain(text.strip())) == tidy(markdown._marked_up(text.strip()) or "")
