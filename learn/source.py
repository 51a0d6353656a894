"""The files that run, as they are shown: read at start, highlighted by Pygments, and twins as a difference."""

import difflib
import re
from functools import cache
from html import escape

from learn.catalog import DEMOS, ROOT, Demo

PRODUCT = "chat/consumers.py"
ALIKE = 0.5  # of 1: lines less alike than this are not shown as a change of one into the other
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
    from pygments.formatters.html import HtmlFormatter
    from pygments.lexers.python import PythonLexer

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
        lines += _replaced(a[a1:a2], b[b1:b2])
    return "\n".join(lines)


def _replaced(old: list[str], new: list[str]) -> list[str]:
    """Lines that took the place of others: those that are alike as pairs, what is between them by itself."""
    lines: list[str] = []
    i = j = 0
    for x, y in [*pairs(old, new), (len(old), len(new))]:
        lines += [f'<del class="line">{escape(line)}</del>' for line in old[i:x]]
        lines += [f'<ins class="line">{escape(line)}</ins>' for line in new[j:y]]
        if x < len(old):
            lines += _pair(old[x], new[y])
        i, j = x + 1, y + 1
    return lines


def pairs(old: list[str], new: list[str]) -> list[tuple[int, int]]:
    """Which lines belong to which, in order: those pairs whose likeness has the highest sum."""
    best: dict[tuple[int, int], tuple[float, list[tuple[int, int]]]] = {}
    for i in range(len(old), -1, -1):
        for j in range(len(new), -1, -1):
            rest = [best[i + 1, j]] if i < len(old) else []
            rest += [best[i, j + 1]] if j < len(new) else []
            if i < len(old) and j < len(new) and (like := _likeness(old[i], new[j])) >= ALIKE:
                score, following = best[i + 1, j + 1]
                rest.append((score + like, [(i, j), *following]))
            best[i, j] = max(rest, key=lambda found: found[0], default=(0.0, []))
    return best[0, 0][1]


def _likeness(a: str, b: str) -> float:
    return difflib.SequenceMatcher(None, _WORDS.findall(a.strip()), _WORDS.findall(b.strip()), autojunk=False).ratio()


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
