"""The files that run, as they are shown: read at start, highlighted by Pygments, and twins as a difference."""

import difflib
import re
from functools import cache
from html import escape

from learn.catalog import DEMOS, ROOT, Demo

PRODUCT = "chat/consumers.py"
_WORDS = re.compile(r"\w+|\s+|.")


def _texts() -> dict[str, str]:
    """By file. An image for production has no tests."""
    shown = {PRODUCT}
    for demo in DEMOS.values():
        shown |= {demo.file, demo.test, *demo.more}
    return {file: (ROOT / file).read_text() for file in shown if (ROOT / file).exists()}


TEXTS = _texts()


@cache
def highlighted(file: str) -> str:
    from pygments import highlight  # here, because a start without it is faster
    from pygments.formatters import HtmlFormatter
    from pygments.lexers import PythonLexer

    return str(highlight(TEXTS[file], PythonLexer(), HtmlFormatter(cssclass="source")))


def difference(demo: Demo) -> str:
    """The lines of a demo and of its twin, what one has and the other has not marked word by word."""
    return _difference(f"learn/demos/{demo.twin}.py", demo.more[0] if demo.twin == demo.module else demo.file)


@cache
def _difference(file: str, other: str) -> str:
    a, b = _code(file), _code(other)
    lines: list[str] = []
    for kind, a1, a2, b1, b2 in difflib.SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if kind == "equal":
            lines += [f'<span class="same">{escape(line)}</span>' for line in a[a1:a2]]
            continue
        pairs = min(a2 - a1, b2 - b1)
        for n in range(pairs):
            lines += _pair(a[a1 + n], b[b1 + n])
        lines += [f'<del class="line">{escape(line)}</del>' for line in a[a1 + pairs : a2]]
        lines += [f'<ins class="line">{escape(line)}</ins>' for line in b[b1 + pairs : b2]]
    return "\n".join(lines)


def _code(file: str) -> list[str]:
    """The lines without the docstring, which twins do not share."""
    return re.sub(r'    """.*?"""\n\n', "", TEXTS[file], flags=re.DOTALL).splitlines()


def _pair(a: str, b: str) -> tuple[str, str]:
    old, new = _WORDS.findall(a), _WORDS.findall(b)
    removed, added = "", ""
    for kind, a1, a2, b1, b2 in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        gone, come = escape("".join(old[a1:a2])), escape("".join(new[b1:b2]))
        removed += gone if kind == "equal" else f"<em>{gone}</em>" if gone else ""
        added += come if kind == "equal" else f"<em>{come}</em>" if come else ""
    return f'<del class="line">{removed}</del>', f'<ins class="line">{added}</ins>'
