"""The text of a message as HTML: CommonMark with tables and strike, without HTML, images and footnotes.

Addresses are chat.links' alone. Before the text is parsed, words of letters and digits that do not occur in it take
their places, and those of the few signs that Markdown would read in its own way (`<`, `&`, …); in what comes out they
are put back. So a link leads to what was typed, an entity stays what was typed, and no definition vanishes.
"""

import re
from html import escape, unescape
from itertools import count

import comrak
import nh3

from chat import highlighting, links

NESTED_MAX = 16  # levels; what is deeper is shown as it was typed
TABLE_MAX = 2000  # most "|" in a line, times the lines: a table takes time by its cells, also the empty ones
ESCAPED_MAX = 2000  # "<", ">" and "&" that were typed
TAGS_MAX = 2500  # in the HTML, each of which takes more time than a letter

# What makes a text more than paragraphs of words.
_SPECIAL = re.compile(
    r"[*_`~\\] | \]\( | ^(?: [ ]{4} | [ ]{0,3}\t | [ ]{0,3}(?: > | [-+#] | \d{1,9}[.)] ) )",
    re.MULTILINE | re.VERBOSE,
)
_BLANK = re.compile(r"\n(?:[ \t]*\n)+")
# Signs that lose their meaning: of HTML and entities, of images, of links to no address, of definitions.
_SIGNS = re.compile(r"[<&]|!(?=\[)|(?<=\])[(:]")
_DEEP = re.compile(rf"^(?:[ \t]*(?:>|[-+*](?=\s)|\d{{1,9}}[.)](?=\s))){{{NESTED_MAX + 1}}}", re.MULTILINE)
_TAG = re.compile(r"<[^>]*>")
_ANCHOR = re.compile(r'<a href="(\w+)"[^>]*>(.*?)</a>', re.DOTALL)
_HEADING = re.compile(r"<(/?)h[1-6]>")
_INLINE = re.compile(r"</?(?:strong|em|del|code|a|span)\b[^>]*>")
_UNREAD = re.compile(r"<figcaption>[^<]*(?:<[^>]*>?)?|<[^>]*\Z|&[#\w]*\Z")  # a language's name; what was cut off

_cleaner = nh3.Cleaner(
    tags={"p", "br", "strong", "em", "del", "code", "pre", "ul", "ol", "li", "blockquote", "a", "hr"}
    | {"table", "thead", "tbody", "tr", "th", "td"},
    attributes={"a": {"href"}, "code": {"class"}, "ol": {"start"}, "th": {"align"}, "td": {"align"}},
    link_rel=None,
)


def _extensions(*, table: bool) -> comrak.ExtensionOptions:
    options = comrak.ExtensionOptions()
    options.strikethrough = options.cjk_friendly_emphasis = True
    options.table = table
    return options


_WITH_TABLES, _WITHOUT_TABLES = _extensions(table=True), _extensions(table=False)
_PARSING = comrak.ParseOptions()
_PARSING.ignore_setext = True
_RENDERING = comrak.RenderOptions()
_RENDERING.hardbreaks = _RENDERING.compact_html = _RENDERING.escape = True


def rendered(text: str, most: int) -> str:
    """The text as HTML of at most `most` characters: beyond it the colours of code go first, then all formatting."""
    is_special = _SPECIAL.search(text) or ("|" in text and "\n" in text)
    html = _marked_up(text) if is_special else None
    if html is None:
        return plain(text)
    if "<pre>" not in html:
        return html if len(html) <= most else plain(text)
    for fences in (highlighting.FENCES_MAX, 0):
        if len(figured := highlighting.highlighted(html, fences)) <= most:
            return figured
    return plain(text)


def plain(text: str) -> str:
    """Paragraphs of what was typed, with its links and line ends."""
    paragraphs = _BLANK.split(text.strip("\n"))
    return "".join(f"<p>{links.linked(each).replace('\n', '<br>')}</p>" for each in paragraphs)


def words(html: str) -> str:
    """What is read of a text's HTML, as one line of plain words. The HTML may be cut off anywhere."""
    html = _INLINE.sub("", _UNREAD.sub(" ", html)).replace("<hr>", " — ")
    return " ".join(unescape(_TAG.sub(" ", html)).split())


def _marked_up(text: str) -> str | None:
    """None where the text nests too deep, has too many elements, or nothing of it would be seen."""
    if _DEEP.search(text) or sum(map(text.count, "<>&")) > ESCAPED_MAX:
        return None
    lines = text.split("\n")
    cells = max(line.count("|") for line in lines) * len(lines)
    held = _Held(text)
    html = _parsed(held.source, table=cells <= TABLE_MAX)
    if "<table>" in html and _letters(html) < _letters(without := _parsed(held.source, table=False)):
        html = without  # cells beyond those of the first line would not be shown
    if html.count("<") > TAGS_MAX:
        return None
    html = _ANCHOR.sub(held.unless_it_misleads, html)
    html = _HEADING.sub(lambda tag: "</strong></p>" if tag[1] else "<p><strong>", html)
    return held.put_back(_cleaner.clean(html))


def _parsed(source: str, *, table: bool) -> str:
    extensions = _WITH_TABLES if table else _WITHOUT_TABLES
    return comrak.render_markdown(
        source, extension_options=extensions, parse_options=_PARSING, render_options=_RENDERING
    )


def _letters(html: str) -> int:
    return sum(map(str.isalnum, _TAG.sub("", html)))


class _Held:
    """A text whose addresses and signs were taken out: `source` has words in their places."""

    def __init__(self, text: str) -> None:
        self._values: list[str] = []
        self._shown: list[str] = []  # escaped
        self._signs: dict[str, str] = {}
        self._links: dict[int, str] = {}  # of those that are addresses
        self._key = next(key for number in count() if (key := f"zq{number}z") not in text)
        self._word = re.compile(rf"{self._key}(\d+)q")
        pieces, at = [], 0
        for start, end in links.addresses(text):
            pieces.append(self._without_signs(text[at:start], leads=text[end : end + 1] == ")"))
            self._links[len(self._values)] = links.link(text[start:end])
            pieces.append(self._hold(text[start:end]))
            at = end
        self.source = "".join([*pieces, self._without_signs(text[at:], leads=False)])

    def _hold(self, value: str) -> str:
        self._values.append(value)
        self._shown.append(escape(value))
        return f"{self._key}{len(self._values) - 1}q"

    def _without_signs(self, text: str, *, leads: bool) -> str:
        """`leads`: an address and `)` follow, so `](` at the end makes a link."""
        is_link = leads and text.endswith("](")

        def word(sign: re.Match[str]) -> str:
            if is_link and sign.end() == len(text):
                return sign[0]
            return self._signs.get(sign[0]) or self._signs.setdefault(sign[0], self._hold(sign[0]))

        return _SIGNS.sub(word, text)

    def unless_it_misleads(self, anchor: re.Match[str]) -> str:
        """A link as it was typed where it shows nothing, or another address."""
        address, shown = anchor[1], anchor[2]
        shows_address = any(int(number) in self._links for number in self._word.findall(shown))
        return f"[{shown}]({address})" if shows_address or not _TAG.sub("", shown).strip() else anchor[0]

    def put_back(self, html: str) -> str | None:
        """None where the HTML nests too deep or shows nothing."""
        if not ("<hr>" in html or _TAG.sub("", html).strip()):
            return None
        inside = depth = deepest = 0  # inside links and code an address is text

        def piece(found: re.Match[str]) -> str:
            nonlocal inside, depth, deepest
            number, slash, name, attribute = found.groups()
            if number:
                index = int(number)
                return self._shown[index] if inside else self._links.get(index) or self._shown[index]
            step = -1 if slash else 1
            if name in ("a", "code"):
                inside += step
            else:
                depth += step
                deepest = max(deepest, depth)
            word = self._word.search(attribute)
            if word and name == "a":
                return links.opening(self._values[int(word[1])])
            return self._word.sub(lambda word: self._shown[int(word[1])], found[0]) if word else found[0]

        pieces = re.compile(rf"{self._word.pattern}|<(/?)(a|code|blockquote|ul|ol|em|strong|del)\b([^>]*)>")
        out = pieces.sub(piece, html)
        return out if deepest <= NESTED_MAX else None
