"""Twins as one text: what the second has and the first has not is underlined, what it lacks is struck through."""

import difflib
import re
from functools import cache
from html import escape

from django.utils.safestring import SafeString, mark_safe

from learn.catalog import ROOT, Demo
from learn.listing import Line, Listing

ALIKE = 0.5  # of 1: lines less alike than this are not shown as a change of one into the other
NOWHERE = "−"  # in place of a number: the line is not in the file that is shown
_WORDS = re.compile(r"\w+|\s+|.")
_DOCSTRING = re.compile(r' {4}""".*?"""\n\n', re.DOTALL)  # twins do not share it


def difference(demo: Demo) -> Listing:
    """The file of a demo, and in it what its twin has instead."""
    return _difference(f"learn/demos/{demo.twin}.py", demo.more[0] if demo.twin == demo.module else demo.file)


@cache
def _difference(file: str, other: str) -> Listing:
    old, new = _code(file), _code(other)
    a, b = [line for _, line in old], [line for _, line in new]
    lines: list[Line] = []
    for kind, a1, a2, b1, b2 in difflib.SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if kind == "equal":
            lines += [Line(number, _safe(escape(line))) for number, line in new[b1:b2]]
        else:
            lines += _replaced(a[a1:a2], new[b1:b2])
    changed = sum(bool(line.kinds) for line in lines)
    name = f"{file.rpartition('/')[2]} → {other.rpartition('/')[2]}"
    return Listing(name, f"{changed} lines differ", lines)


def _replaced(old: list[str], new: list[tuple[int, str]]) -> list[Line]:
    """Lines that took the place of others: those that are alike as pairs, what is between them by itself."""
    lines: list[Line] = []
    i = j = 0
    for x, y in [*pairs(old, [line for _, line in new]), (len(old), len(new))]:
        lines += [_gone(line) for line in old[i:x]]
        lines += [_come(number, line) for number, line in new[j:y]]
        if x < len(old):
            lines.append(_pair(old[x], *new[y]))
        i, j = x + 1, y + 1
    return lines


def pairs(old: list[str], new: list[str]) -> list[tuple[int, int]]:
    """Which lines belong to which, in order: those pairs whose likeness has the highest sum."""
    best: dict[tuple[int, int], tuple[float, list[tuple[int, int]]]] = {}
    for i in range(len(old), -1, -1):
        for j in range(len(new), -1, -1):
            rest = [best[i + 1, j]] if i < len(old) else []
            rest += [best[i, j + 1]] if j < len(new) else []
            if i < len(old) and j < len(new) and (like := likeness(old[i], new[j])) >= ALIKE:
                score, following = best[i + 1, j + 1]
                rest.append((score + like, [(i, j), *following]))
            best[i, j] = max(rest, key=lambda found: found[0], default=(0.0, []))
    return best[0, 0][1]


def likeness(a: str, b: str) -> float:
    return difflib.SequenceMatcher(None, _WORDS.findall(a.strip()), _WORDS.findall(b.strip()), autojunk=False).ratio()


def _code(file: str) -> list[tuple[int, str]]:
    """The lines without the docstring, with the numbers that they have in the file."""
    text = (ROOT / file).read_text()
    hidden = {
        text.count("\n", 0, found.start()) + place
        for found in _DOCSTRING.finditer(text)
        for place in range(1, found[0].count("\n") + 1)
    }
    return [(number, line) for number, line in enumerate(text.splitlines(), 1) if number not in hidden]


# A screen reader does not say of most elements that they are `del` or `ins`: so a sentence says it for the line.


def _gone(line: str) -> Line:
    indent, code = _indented(line)
    return Line(NOWHERE, _safe(f"{indent}{_said('Gone: ')}<del>{escape(code)}</del>"), "gone")


def _come(number: int, line: str) -> Line:
    indent, code = _indented(line)
    return Line(number, _safe(f"{indent}{_said('New: ')}<ins>{escape(code)}</ins>" if code else ""), "come")


def _pair(old: str, number: int, new: str) -> Line:
    """One line with both in it."""
    indent, a = _indented(old)
    b = _indented(new)[1]
    before, after = _WORDS.findall(a), _WORDS.findall(b)
    html = indent
    for kind, a1, a2, b1, b2 in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        gone, come = escape("".join(before[a1:a2])), escape("".join(after[b1:b2]))
        if kind == "equal":
            html += come
        else:
            html += (f'<del aria-hidden="true">{gone}</del>' if gone else "") + (f"<ins>{come}</ins>" if come else "")
    return Line(number, _safe(html + _said(f" Before: {a}")), "come")


def _indented(line: str) -> tuple[str, str]:
    code = line.lstrip()
    return line[: len(line) - len(code)], code


def _said(text: str) -> str:
    return f'<span class="visually-hidden">{escape(text)}</span>'


def _safe(html: str) -> SafeString:
    return mark_safe(html)  # noqa: S308 - made here, of files of this repository that were escaped
