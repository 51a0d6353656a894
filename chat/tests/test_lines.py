"""Lists, quotes and notifications show what is read of a message, in one line, and none of its markup."""

from html.parser import HTMLParser

import pytest
from django.test import Client

from chat import markdown, pages
from chat.identity import Identity
from chat.lines import HTML_MAX, LINE_MAX, line
from chat.models import Message, Room
from chat.tests import posted
from chat.tests.markdown_corpus import MOST, pairs

LINES = [
    ("hello", "hello"),
    ("say **there** and ~~then~~, *now*", "say there and then, now"),
    ("**a**b `c`d", "ab cd"),
    ("one\ntwo\n\nthree", "one two three"),
    ("# A title\ntext", "A title text"),
    ("- one\n- two\n  - three", "one two three"),
    ("> asked\n\nanswered", "asked answered"),
    ("| a | b |\n| - | - |\n| 1 | 2 |", "a b 1 2"),
    ("```python\nprint(1)\n```", "print(1)"),
    ("[the docs](https://example.com/x) and https://a.com/?b&c", "the docs and https://a.com/?b&c"),
    ("<b> &amp; `<i>` 1 < 2 *x*", "<b> &amp; <i> 1 < 2 x"),
    ("---", "—"),
    ("above\n\n---\n\n*below*", "above — below"),
    ("重启**服务器**了", "重启服务器了"),
    ("🎉", "🎉"),
]


@pytest.mark.parametrize(("text", "expected"), LINES)
def test_the_line_of_a_message(text: str, expected: str) -> None:
    assert line(text, markdown.rendered(text, MOST)) == expected


class Read(HTMLParser):
    """The letters that a reader sees, by a parser that knows nothing of ours."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.letters, self._is_name = "", False
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self._is_name = tag == "figcaption"

    def handle_endtag(self, tag: str) -> None:
        self._is_name = False

    def handle_data(self, data: str) -> None:
        if not self._is_name:
            self.letters += "".join(filter(str.isalnum, data))


@pytest.mark.parametrize("text", [text for text, _ in pairs()])
def test_it_has_every_letter_that_is_read_and_no_other(text: str) -> None:
    html = markdown.rendered(text, MOST)
    assert "".join(filter(str.isalnum, markdown.words(html))) == Read(html).letters


@pytest.mark.parametrize(
    "text", ["**a** <b> & `c` [d](https://e.com/f?g&h) 'i'", "```python\nif a < 'b':\n    c()\n```", "a\n\n---\n\n*b*"]
)
def test_html_that_is_cut_off_anywhere_shows_a_part_of_the_line_and_no_markup(text: str) -> None:
    html = markdown.rendered(text, MOST)
    whole = markdown.words(html)
    for end in range(len(html)):
        assert whole.startswith(markdown.words(html[:end]))


def test_a_line_is_short_however_long_the_message_is() -> None:
    assert line("x" * 4000, markdown.rendered("x" * 4000, MOST)) == "x" * LINE_MAX
    address = f"https://example.com/{'y' * HTML_MAX}"
    assert line(address, markdown.rendered(address, MOST)) == address[:LINE_MAX], "the HTML ends within the address"


@pytest.mark.django_db(transaction=True)
def test_the_lobby_shows_it(ada: Identity) -> None:
    posted.say(author=ada, text="say **there**\n\n- `now`")
    assert "<bdi>say there now</bdi>" in Client().get("/chat/").content.decode()


@pytest.mark.django_db
def test_a_deleted_message_has_no_last_words(ada: Identity) -> None:
    posted.say(author=ada, text="**gone**")
    posted.delete(author=ada, id=1)
    assert [entry.line for entry in pages.entries(Room.objects.all())] == [""]


@pytest.mark.django_db
def test_what_was_typed_stands_in_for_html_that_is_not_there(ada: Identity) -> None:
    posted.say(author=ada, text="as\nit is")
    Message.objects.update(body="", rendered=0)
    assert [entry.line for entry in pages.entries(Room.objects.all())] == ["as it is"]
