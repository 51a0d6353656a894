"""When two names look the same: by their skeletons, after UTS 39 (Unicode Security Mechanisms).

`disarm` knows which letters look like which Latin ones, by Unicode 17. Around it: case, marks, spaces, and what looks
the same within other scripts. A skeleton is for comparing, never shown. Skeletons are stored: another version of
`disarm` or of this module may need a migration that makes them again (accounts/migrations/0003 shows how).
"""

import unicodedata
from functools import lru_cache

from accounts.display_names import STORED_MAX

SKELETON_MAX = 640  # characters: a name of 32, each made of up to 18 others, and some more

# By confusables.txt of UTS 39: what is not about Latin letters, and two of them that look like one.
_TWINS = str.maketrans(
    {"m": "rn", "æ": "ae", "œ": "oe"}
    | dict(zip("エカタトニハロヘー", "工力夕卜二八口へ一", strict=True))
    | dict(zip("یىےکڪہھەة", "يييككهههه", strict=True))  # of Persian, Urdu and Kurdish keyboards
)
_OPTIONAL_MARKS = {1, *range(10, 36), *range(200, 241)}  # combining classes: overlays, vowel points, above and below
_EUROPEAN_END = "\u0530"  # Latin, Greek and Cyrillic stand before it; all marks on them are accents


def skeleton(name: str) -> str:
    """Equal for names that differ in case, marks, spaces, invisible characters, or letters that look alike."""
    return _folded(_short(name).casefold())


def skeletons(name: str) -> set[str]:
    """One or two: also as it looks as it is typed. Two names look the same if they have one in common.

    A capital I looks like a small L. With one key for each name, "Neil" and "Nell" would be the same, since case does
    not count either; so "NeIl" has the keys of both, but neither of them has the other's.
    """
    return {skeleton(name), _folded(_short(name))}


def _short(name: str) -> str:
    """Of whatever was typed: normalizing many marks takes seconds, and a lone surrogate is no text."""
    return name[:STORED_MAX].encode(errors="replace").decode()


@lru_cache(maxsize=4096)
def _folded(name: str) -> str:
    from disarm import skeleton_key  # 60 ms, and 12 MB, when the first name comes

    letters = _bare(skeleton_key(_bare(name), digit_policy="tr39")).translate(_TWINS)
    folded = unicodedata.normalize("NFC", "".join(letters.split()))
    return (folded or name)[:SKELETON_MAX]  # of nothing but marks, nothing would be left


def _bare(name: str) -> str:
    """Without marks that are accents or may be left out; the vowels of Hindi and Thai stay."""
    bare, base = [], ""
    for character in unicodedata.normalize("NFD", name):
        if not unicodedata.category(character).startswith("M"):
            base = _without_stroke(character)
            bare.append(base)
        elif base >= _EUROPEAN_END and unicodedata.combining(character) not in _OPTIONAL_MARKS:
            bare.append(character)
    return unicodedata.normalize("NFC", "".join(bare))


def _without_stroke(letter: str) -> str:
    """Strokes, hooks and tails that are part of a letter are marks all the same: LATIN SMALL LETTER L WITH STROKE."""
    plain, with_something, _ = unicodedata.name(letter, "").partition(" WITH ")
    if not (with_something and plain.startswith(("LATIN", "CYRILLIC"))):
        return letter
    try:
        return unicodedata.lookup(plain)
    except KeyError:  # there is none without
        return letter
