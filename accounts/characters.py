"""Which characters can be seen."""

import unicodedata

# Nobody can see these: spaces, controls, zero-width characters, lone marks; Hangul fillers, the empty Braille cell.
_UNSEEN_CATEGORIES = frozenset(("Zs", "Zl", "Zp", "Cc", "Cf", "Mn"))
_UNSEEN = frozenset("\u115f\u1160\u3164\uffa0\u2800")


def is_seen(character: str) -> bool:
    return unicodedata.category(character) not in _UNSEEN_CATEGORIES and character not in _UNSEEN
