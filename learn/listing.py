"""Source as it is shown line by line: whole files and excerpts, with numbers that notes can point to."""

import re
from dataclasses import dataclass, field
from functools import cache

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from learn.catalog import ROOT

_TAG = re.compile(r"<[^>]+>")
# Where a line that is too long may go on: after a bracket that opens, and before a dot.
_BREAK = re.compile(r'(?<=[(\[{]</span>)|(?=<span class="o">\.</span>)')


@dataclass(frozen=True)
class Line:
    number: int | str
    html: SafeString
    kinds: str = ""  # classes: noted, lit, new, come, gone

    @property
    def indent(self) -> int:
        """How many spaces it begins with: where it is too long, it goes on below its own code."""
        text = _TAG.sub("", self.html)
        return len(text) - len(text.lstrip(" "))


@dataclass(frozen=True)
class Note:
    number: int
    text: str


@dataclass(frozen=True)
class Listing:
    file: str
    about: str
    lines: list[Line]
    notes: list[Note] = field(default_factory=list)

    @property
    def key(self) -> str:
        """Begins the ids of its lines."""
        return "".join(letter for letter in self.file if letter.isalnum())


@cache
def highlighted(file: str) -> tuple[SafeString, ...]:
    """The file's lines as HTML."""
    text = (ROOT / file).read_text()
    return _as_html(text) if file.endswith(".py") else tuple(escape(line) for line in text.splitlines())


def lines_of(text: str) -> list[Line]:
    """Of Python that is being edited."""
    return [Line(number, html) for number, html in enumerate(_as_html(text), 1)]


def _as_html(text: str) -> tuple[SafeString, ...]:
    from pygments import highlight  # here, because a start without it is faster
    from pygments.formatters.html import HtmlFormatter
    from pygments.lexers.python import PythonLexer

    html = str(highlight(text, PythonLexer(stripnl=False), HtmlFormatter(nowrap=True)))
    return tuple(mark_safe(_BREAK.sub("<wbr>", line)) for line in html.splitlines())  # noqa: S308 - Pygments escapes


def whole(file: str, notes: dict[str, str] | None = None, about: str = "") -> Listing:
    """`notes` are sentences by a part of the line that they explain."""
    noted = {line_of(file, part): text for part, text in (notes or {}).items()}
    shown = [Line(number, html, "noted" if number in noted else "") for number, html in enumerate(highlighted(file), 1)]
    about = about or f"{len(shown)} lines"
    return Listing(file, about, shown, [Note(number, text) for number, text in sorted(noted.items())])


def excerpt(file: str, part: str, before: int = 2, after: int = 4, about: str = "") -> Listing:
    """Some lines around the one with `part` in it, which is lit."""
    lit, html = line_of(file, part), highlighted(file)
    numbers = range(max(1, lit - before), min(len(html), lit + after) + 1)
    shown = [Line(number, html[number - 1], "lit" if number == lit else "") for number in numbers]
    return Listing(file, about or f"lines {numbers[0]} to {numbers[-1]}", shown)


def marked(file: str, part: str) -> Listing:
    """The whole file, with one line lit."""
    lit = line_of(file, part)
    lines = [Line(number, html, "lit" if number == lit else "") for number, html in enumerate(highlighted(file), 1)]
    return Listing(file, "the line that is wrong is marked", lines)


def line_of(file: str, part: str) -> int:
    """Raises ValueError if there is no such line: a note must not point nowhere."""
    for number, line in enumerate((ROOT / file).read_text().splitlines(), 1):
        if part in line:
            return number
    raise ValueError(f"{file} has no line with {part!r}")
