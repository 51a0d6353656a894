import os
import random
import unicodedata
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from django.utils.html import escape
from hypothesis import given, settings, strategies as st

from chat.links import LINKS_MAX, addresses, linked

# A text, and the addresses in it: all that is to be a link, from left to right.
CORPUS: list[tuple[str, list[str]]] = [
    # Alone and among words
    ("https://example.com", ["https://example.com"]),
    ("http://example.com/", ["http://example.com/"]),
    ("see https://example.com/a/b?c=d&e=f#g for more", ["https://example.com/a/b?c=d&e=f#g"]),
    ("https://a.com\nhttps://b.com\thttps://c.com", ["https://a.com", "https://b.com", "https://c.com"]),
    ("HTTPS://Example.COM/Path and Http://x.org", ["HTTPS://Example.COM/Path", "Http://x.org"]),
    ("http://localhost:8000/chat/lobby/", ["http://localhost:8000/chat/lobby/"]),
    ("https://example.com?q=1", ["https://example.com?q=1"]),
    ("https://example.com#top", ["https://example.com#top"]),
    ("https://example.com/#/route/1", ["https://example.com/#/route/1"]),
    ("https://example.com/?q=a#:~:text=b,c", ["https://example.com/?q=a#:~:text=b,c"]),
    ("https://a-b.co--m.example_x.org/", ["https://a-b.co--m.example_x.org/"]),
    ("https://example.com./x", ["https://example.com./x"]),
    # Right after something else
    ("请看https://example.com/学习", ["https://example.com/学习"]),
    ("привет,https://example.com", ["https://example.com"]),
    ("ссылкаhttps://example.com", ["https://example.com"]),
    ("👉https://example.com👈", ["https://example.com"]),
    ("地址：https://example.com/x。", ["https://example.com/x"]),
    ("url:https://example.com", ["https://example.com"]),
    ("view-source:https://example.com/", ["https://example.com/"]),
    ("git+https://example.com/x.git", ["https://example.com/x.git"]),
    ('href="https://example.com/x"', ["https://example.com/x"]),
    ("x='https://example.com/x'", ["https://example.com/x"]),
    ("...https://example.com", ["https://example.com"]),
    ("_https://example.com/x_", ["https://example.com/x"]),
    ("xhttps://example.com", []),
    ("shttp://example.com 1http://example.com", []),
    # CJK
    ("https://zh.wikipedia.org/wiki/学习", ["https://zh.wikipedia.org/wiki/学习"]),
    ("https://ja.wikipedia.org/wiki/ジョン・レノン", ["https://ja.wikipedia.org/wiki/ジョン・レノン"]),
    ("https://ko.wikipedia.org/wiki/한국어", ["https://ko.wikipedia.org/wiki/한국어"]),
    ("https://example.com，然后https://b.com/x；好", ["https://example.com", "https://b.com/x"]),
    ("《https://example.com/x》「https://b.com」", ["https://example.com/x", "https://b.com"]),
    ("（https://example.com/x）", ["https://example.com/x"]),
    ("【https://example.com/x】〔https://b.com〕", ["https://example.com/x", "https://b.com"]),
    ("https://example.com/x！？", ["https://example.com/x"]),
    ("https://example.com/x、https://b.com/y", ["https://example.com/x", "https://b.com/y"]),
    ("https://example.com/x……再说", ["https://example.com/x"]),
    ("https://example.com/x——再说", ["https://example.com/x"]),
    ("https://example.com/x\u3000再说", ["https://example.com/x"]),
    ("https://example.com/々〆〇", ["https://example.com/々〆〇"]),
    ("(见https://example.com/x)然后", ["https://example.com/x"]),
    # The end of a host in a script without spaces, and hosts in other scripts
    ("https://example.com这个网站", ["https://example.com"]),
    ("http://localhost:8000这个", ["http://localhost:8000"]),
    ("http://127.0.0.1这个", ["http://127.0.0.1"]),
    ("https://example.com然后https://b.com", ["https://example.com", "https://b.com"]),
    ("ดูที่https://example.comได้", ["https://example.com"]),
    ("https://b站.com/x", ["https://b站.com/x"]),
    ("https://例え.テスト/パス", ["https://例え.テスト/パス"]),
    ("https://उदाहरण.परीक्षा/पथ", ["https://उदाहरण.परीक्षा/पथ"]),
    ("https://müller.vermögensberatung/über", ["https://müller.vermögensberatung/über"]),
    ("https://xn--fiqs8s.xn--55qx5d/", ["https://xn--fiqs8s.xn--55qx5d/"]),
    ("https://example。com", ["https://example"]),
    # Emoji
    ("https://example.com/x😀", ["https://example.com/x"]),
    ("https://example.com/x❤️y", ["https://example.com/x"]),
    ("https://example.com/x☎", ["https://example.com/x"]),
    ("https://example.com/x👩‍👩‍👧", ["https://example.com/x"]),
    ("https://example.com/x👍🏽", ["https://example.com/x"]),
    ("🇨🇳https://example.com/x🇫🇷", ["https://example.com/x"]),
    ("https://example.com/x㊗️ https://b.com/™", ["https://example.com/x", "https://b.com/"]),
    ("1️⃣https://a.com2️⃣https://b.com/x3️⃣", ["https://a.com", "https://b.com/x"]),
    ("https://example.com/x#️⃣", ["https://example.com/x"]),
    ("https://1️⃣", []),
    ("https://example.com/123#4", ["https://example.com/123#4"]),
    ("https://example.com/x→https://b.com", ["https://example.com/x", "https://b.com"]),
    # Trailing punctuation
    ("Is it https://example.com/x?", ["https://example.com/x"]),
    ("https://example.com... https://b.com/x...!!", ["https://example.com", "https://b.com/x"]),
    ("https://example.com, https://b.com/x;", ["https://example.com", "https://b.com/x"]),
    ("https://example.com: https://b.com/x:", ["https://example.com", "https://b.com/x"]),
    ("https://example.com/a.b,c;d:e!f", ["https://example.com/a.b,c;d:e!f"]),
    ("https://example.com/a/ https://b.com/a=", ["https://example.com/a/", "https://b.com/a="]),
    ("https://b.com/a- https://b.com/?a&", ["https://b.com/a-", "https://b.com/?a&"]),
    ("https://b.com/a% https://b.com/# https://b.com/+", ["https://b.com/a%", "https://b.com/#", "https://b.com/+"]),
    ("https://example.com/x، https://b.com/y؟", ["https://example.com/x", "https://b.com/y"]),
    ("https://example.com/x। https://b.com/y॥", ["https://example.com/x", "https://b.com/y"]),
    ("https://example.com। https://b.com،", ["https://example.com", "https://b.com"]),
    ("https://am.wikipedia.org/wiki/አማርኛ።", ["https://am.wikipedia.org/wiki/አማርኛ"]),
    ("https://en.wikipedia.org/wiki/A–B–", ["https://en.wikipedia.org/wiki/A–B"]),
    ("https://example.com/x…", ["https://example.com/x"]),
    # Brackets
    ("https://en.wikipedia.org/wiki/Foo_(bar)", ["https://en.wikipedia.org/wiki/Foo_(bar)"]),
    ("(https://en.wikipedia.org/wiki/Foo_(bar))", ["https://en.wikipedia.org/wiki/Foo_(bar)"]),
    ("(https://example.com) [https://b.com/x].", ["https://example.com", "https://b.com/x"]),
    ("(see https://example.com/x.)", ["https://example.com/x"]),
    ("{https://example.com/x}", ["https://example.com/x"]),
    ("https://example.com/?a[]=1&b[0]=2", ["https://example.com/?a[]=1&b[0]=2"]),
    ("https://example.com/{id}/x", ["https://example.com/{id}/x"]),
    ("https://example.com/x)))", ["https://example.com/x"]),
    ("https://example.com/x(y", ["https://example.com/x(y"]),
    ("https://example.com/x( https://b.com/x([", ["https://example.com/x", "https://b.com/x"]),
    ("https://example.com/([)]", ["https://example.com/([)]"]),
    # Quotation marks
    ("“https://example.com/x” ‘https://b.com’", ["https://example.com/x", "https://b.com"]),
    (
        "«https://example.com/x» „https://b.com“ ‹https://c.com›",
        ["https://example.com/x", "https://b.com", "https://c.com"],
    ),
    ("`https://example.com/x`", ["https://example.com/x"]),
    ("<https://example.com/x>", ["https://example.com/x"]),
    ("『https://example.com/x』＂https://b.com＂", ["https://example.com/x", "https://b.com"]),
    # As in Markdown, in source and in tables
    ("[text](https://example.com/x) [b](https://b.com)c", ["https://example.com/x", "https://b.com"]),
    ("[https://a.com/x](https://a.com/x)", ["https://a.com/x", "https://a.com/x"]),
    ("**https://example.com/x** ~~https://b.com~~", ["https://example.com/x", "https://b.com"]),
    ("*https://example.com/*", ["https://example.com/"]),
    ("|https://example.com/x|https://b.com/y|", ["https://example.com/x", "https://b.com/y"]),
    (r"https://example.com/x\nhttps://b.com", ["https://example.com/x"]),
    # Next to each other, and one within the other
    ("https://a.com,https://b.com", ["https://a.com", "https://b.com"]),
    ("https://a.com/x,https://b.com/y;http://c.com/z", ["https://a.com/x", "https://b.com/y", "http://c.com/z"]),
    ("https://a.com/xhttps://b.com", ["https://a.com/xhttps://b.com"]),
    ("https://web.archive.org/web/2020/https://a.com/x", ["https://web.archive.org/web/2020/https://a.com/x"]),
    ("https://a.com/?to=https://b.com&x=y", ["https://a.com/?to=https://b.com&x=y"]),
    ("http://https://example.com/", ["https://example.com/"]),
    # Nothing is decoded, nothing is encoded
    ("https://example.com/?a=1&amp;b=2", ["https://example.com/?a=1&amp;b=2"]),
    ("https://example.com/?a=1&region=2&copy=3", ["https://example.com/?a=1&region=2&copy=3"]),
    ("https://example.com/&period;evil.org/", ["https://example.com/&period;evil.org/"]),
    ("https://example.com&period;evil.org/", ["https://example.com"]),
    ("&lt;https://example.com/x&gt;", ["https://example.com/x&gt"]),
    ("https://example.com/a%2Fb%20c%ZZ%", ["https://example.com/a%2Fb%20c%ZZ%"]),
    ("https://example.com/a^b|c", ["https://example.com/a^b|c"]),
    ("https://example.com/é https://example.com/e\u0301", ["https://example.com/é", "https://example.com/e\u0301"]),
    # Ports, IPv6, user and password
    ("http://example.com:80/ http://example.com:", ["http://example.com:80/", "http://example.com"]),
    ("http://example.com:/x", ["http://example.com:/x"]),
    ("http://example.com:65535. http://example.com:65536/", ["http://example.com:65535"]),
    ("http://example.com:" + "9" * 3900, []),
    ("http://example.com:port", ["http://example.com"]),
    ("http://[::1]:8000/x http://[2001:db8::1]", ["http://[::1]:8000/x", "http://[2001:db8::1]"]),
    ("[http://[::1]] http://[::ffff:1.2.3.4]/", ["http://[::1]", "http://[::ffff:1.2.3.4]/"]),
    ("http://[] http://[x] http://[1] http://[::1", []),
    ("https://user:pass@example.com:8443/x", ["https://user:pass@example.com:8443/x"]),
    ("https://bank.com@evil.org/ https://a@b@c.org", ["https://bank.com@evil.org/", "https://a@b@c.org"]),
    (r"https://bank.com\@evil.org/", ["https://bank.com"]),
    ("https://example.com/@user https://example.com@ x", ["https://example.com/@user", "https://example.com"]),
    ("https://example.com你好@小明", ["https://example.com"]),
    # Bidi, zero width, control
    ("https://example.com/x\u202egpj.exe", ["https://example.com/x"]),
    ("\u2067https://example.com/x\u2069y", ["https://example.com/x"]),
    ("https://example.com/x\u200fy https://b.com\u061cy", ["https://example.com/x", "https://b.com"]),
    ("https://example.com/x\u200by \ufeffhttps://b.com\u2060y", ["https://example.com/x", "https://b.com"]),
    ("https://example.com/x\x00y \ud800https://b.com\udfff", ["https://example.com/x", "https://b.com"]),
    ("https://example.com/x\xady https://b.com\x85y", ["https://example.com/x", "https://b.com"]),
    # No host
    ("http:// https:// http://", []),
    ("http:///x https://. https://? https://#", []),
    ("https://-a https://_ https://। https://… https://%41 https://@ada", []),
    ("https://ex%61mple.com/", []),
    # Other schemes and none
    ("javascript:alert(1) data:text/html,x ftp://example.com file:///x", []),
    ("javascript://example.com/%0aalert(1)", []),
    ("www.example.com example.com ada@example.com mailto:ada@example.com //example.com", []),
    ("httpſ://example.com hｔtp://example.com http:/example.com http：//example.com", []),
    # Long
    ("https://example.com/" + "a" * 3900, ["https://example.com/" + "a" * 3900]),
    ("https://example.com/" + ")" * 3900, ["https://example.com/"]),
    ("https://example.com/" + "." * 3900, ["https://example.com/"]),
    ("https://example.com/" + "()" * 1900, ["https://example.com/" + "()" * 1900]),
]

SAFE = 'target="_blank" rel="nofollow noopener noreferrer"'
HTML = [
    ("plain & <b>", "plain &amp; &lt;b&gt;"),
    (
        "<http://a.com/?b&amp;c=%2F>",
        f'&lt;<a href="http://a.com/?b&amp;amp;c=%2F" {SAFE}>http://a.com/?b&amp;amp;c=%2F</a>&gt;',
    ),
    ('"HTTP://a.com/x"\'\n', f'&quot;<a href="HTTP://a.com/x" {SAFE}>HTTP://a.com/x</a>&quot;&#x27;\n'),
]

SCRAPS = (
    *"abhX09.,;:!?*_~-+=/\\&%#@|^$(){}[]<>\"'` \n\t\0éſK学・。，（）“”«»…—–،؟।😀❤✈☎🇨🇳🏽©™㊗",
    *"\ufe0f\u200d\u20e3\u0301\ud800\ue000\u200b\u200e\u200f\u202a\u202e\u2066\u2069\u061c\ufeff\x85\xa0\xad\u3000",
    *("http://", "https://", "HTTPS://", "hTtP://", "https:", "://", "//", "javascript:", "ftp://", "www.", "[::1]"),
    *("&amp;", "&lt;", "&#x27;", "&period;", "&region=", "%2F", "%ZZ", ":80", ":99999", "</a>", '" onclick="', "a.com"),
    *("https://example.com/", "https://a@b.org", "https://例え.jp/", "1\ufe0f\u20e3", "**", "](", "b.com/x"),
    *("http://a.com/", "https://b.com") * 10,  # or else most texts had no link
)


class Reader(HTMLParser):
    """What a browser makes of the HTML: the text, and each link with its own text. Fails at any other tag."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self.links: list[tuple[str, str]] = []
        self._href: str | None = None
        self._begun = 0
        self.feed(html)
        self.close()
        assert self._href is None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag == "a"
        assert self._href is None
        (name, href), *others = attrs
        assert name == "href"
        assert others == [("target", "_blank"), ("rel", "nofollow noopener noreferrer")]
        assert href is not None
        self._href, self._begun = href, len(self.text)

    def handle_endtag(self, tag: str) -> None:
        assert tag == "a"
        assert self._href is not None
        self.links.append((self._href, self.text[self._begun :]))
        self._href = None

    def handle_data(self, data: str) -> None:
        self.text += data

    def _refuse(self, data: str) -> None:
        raise AssertionError(data)

    handle_comment = handle_decl = handle_pi = unknown_decl = _refuse


def hold(text: str) -> int:
    """Whether what is true of every text is true of this one. Returns the number of links."""
    html = linked(text)
    reader = Reader(html)
    assert reader.text == text
    assert len(reader.links) <= LINKS_MAX
    spans = list(addresses(text))
    assert [text[start:end] for start, end in spans] == [href for href, _ in reader.links]
    assert all(end <= start for (_, end), (start, _) in pairwise(spans))
    for href, shown in reader.links:
        assert href == shown
        assert href.lower().startswith(("http://", "https://"))
        assert href.partition("://")[2][0] not in "/?#.:@"
        assert not href.endswith((".", ",", " "))
    if not spans:
        assert html == escape(text)
    return len(spans)


def hold_for_random_texts(number: int, seed: int = 1) -> int:
    chance = random.Random(seed)
    return sum(hold("".join(chance.choices(SCRAPS, k=chance.randint(1, 80)))) for _ in range(number))


@pytest.mark.parametrize(("text", "expected"), CORPUS, ids=[ascii(text)[:60] for text, _ in CORPUS])
def test_addresses_are_found_where_a_reader_sees_them(text: str, expected: list[str]) -> None:
    assert [text[start:end] for start, end in addresses(text)] == expected
    hold(text)


@pytest.mark.parametrize(("text", "html"), HTML)
def test_an_address_is_a_link_to_exactly_what_was_typed(text: str, html: str) -> None:
    assert linked(text) == html


def test_after_twenty_links_the_rest_stays_text() -> None:
    assert hold("https://a.com/&x " * 25) == LINKS_MAX == 20


def test_a_scheme_right_after_a_link_that_was_cut_is_still_found() -> None:
    text = "https://a.com)x/https://b.com)x/https://c.com)"
    assert [text[start:end] for start, end in addresses(text)] == ["https://a.com", "https://b.com", "https://c.com"]


def test_a_link_ends_before_every_space_control_surrogate_quotation_mark_and_unseen_character() -> None:
    ends = {"Cc", "Cf", "Cs", "Co", "Zs", "Zl", "Zp", "Pi", "Pf"}
    for sign in map(chr, range(0x110000)):
        if unicodedata.category(sign) in ends:
            assert list(addresses(f"https://a.com/b{sign}c")) == [(0, 15)], ascii(sign)
            assert list(addresses(f"https://a.com{sign}c")) == [(0, 13)], ascii(sign)


def test_a_letter_digit_or_mark_of_a_living_script_does_not_end_a_link() -> None:
    for sign in "aé学しシ한กहি٣ا\u05d0\u0301\u093e\u0e31々ー":
        assert list(addresses(f"https://a.com/{sign}c")) == [(0, 16)], ascii(sign)


@pytest.mark.parametrize("sign", [*".,;:!?*_~|([{)]}", "،", "؟", "।", "።", "–", "・"])
def test_trailing_punctuation_and_unbalanced_brackets_are_not_part_of_a_link(sign: str) -> None:
    assert list(addresses(f"https://a.com/b{sign * 3} c")) == [(0, 15)]


def test_a_nasty_random_text_keeps_its_text_and_has_only_honest_links() -> None:
    """20,000 of them; `LINKS_TEXTS=300000` for more."""
    number = int(os.environ.get("LINKS_TEXTS", "20000"))
    assert hold_for_random_texts(number) > number


@settings(max_examples=200)
@given(st.lists(st.sampled_from(SCRAPS) | st.characters(), max_size=40).map("".join))
def test_any_text_keeps_its_text_and_has_only_honest_links(text: str) -> None:
    hold(text)
