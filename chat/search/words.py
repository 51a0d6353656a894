"""The words of a text as the index holds them, the same for both databases.

Case, accents and compatibility forms do not count. Scripts that put no space between words are cut into overlapping
pairs of characters and the last single one: 服务器 is 服务, 务器, 器. So a word of one character is the beginning of a
term, and a longer one a phrase.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

# Scripts without spaces between words; Hangul, because its particles grow on the words.
_UNSPACED = (
    r"\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3031-\u3035"
    r"\u3038-\u318f\u31a0-\u31bf\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff"
    r"\uff66-\uffdc\U00020000-\U0003ffff"
)
_RUNS = re.compile(rf"[{_UNSPACED}]+|[^{_UNSPACED}]+")
_IS_UNSPACED = re.compile(rf"[{_UNSPACED}]")
_ACCENTS = re.compile("[\u0300-\u036f]")


@dataclass(frozen=True, slots=True)
class Term:
    """A word of the index, and where in the text it stands. `is_rest`: the single last character of a run."""

    word: str
    start: int
    end: int
    is_rest: bool = False


def terms(text: str) -> Iterator[Term]:
    """The terms of a text, in their order."""
    for start, end in _words(text):
        for run in _RUNS.finditer(text, start, end):
            if _IS_UNSPACED.match(run[0]):
                yield from _pairs(run[0], run.start())
            else:
                for word in _split(normal(run[0])):
                    yield Term(word, run.start(), run.end())


def normal(text: str) -> str:
    """Casefolded, without accents and compatibility forms."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return unicodedata.normalize("NFC", _ACCENTS.sub("", decomposed)).casefold()


def _pairs(run: str, start: int) -> Iterator[Term]:
    characters = [normal(character) for character in run]
    for at, pair in enumerate(zip(characters, [*characters[1:], ""], strict=True)):
        is_rest = at == len(characters) - 1
        yield Term("".join(pair), start + at, start + at + (1 if is_rest else 2), is_rest)


def _words(text: str) -> Iterator[tuple[int, int]]:
    """Where runs of letters, digits and marks begin and end."""
    begun: int | None = None
    for at, character in enumerate(text):
        if _is_word(character):
            begun = at if begun is None else begun
        elif begun is not None:
            yield begun, at
            begun = None
    if begun is not None:
        yield begun, len(text)


def _split(text: str) -> list[str]:
    """What is taken apart by its compatibility form: ½ is 1 and 2."""
    return [text[start:end] for start, end in _words(text)]


@lru_cache(maxsize=8192)
def _is_word(character: str) -> bool:
    return unicodedata.category(character)[0] in "LNM"
