"""Which characters can be seen, and which are pictures."""

import re
import unicodedata

# Nobody can see these: spaces, controls, zero-width characters, lone marks; Hangul fillers, the empty Braille cell.
_UNSEEN_CATEGORIES = frozenset(("Zs", "Zl", "Zp", "Cc", "Cf", "Mn"))
_UNSEEN = frozenset("\u115f\u1160\u3164\uffa0\u2800")


def is_seen(character: str) -> bool:
    return unicodedata.category(character) not in _UNSEEN_CATEGORIES and character not in _UNSEEN


# Pictographs and flags, with their modifiers; older symbols only where they are asked for as pictures (U+FE0F).
_EMOJI = re.compile(r"(?:[\u2190-\u3299]\ufe0f|[\U0001f000-\U0001faff\u200d\ufe0f\U000e0020-\U000e007f\s]){1,40}")


def is_emoji_alone(text: str) -> bool:
    """Whether a text is a few emoji and nothing else."""
    return bool(_EMOJI.fullmatch(text)) and any(map(is_seen, text))
