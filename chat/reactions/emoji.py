"""Which texts are one emoji: those of Unicode's list, by a package that follows it."""

import json
from functools import cache
from typing import Any

TONES = [chr(code) for code in range(0x1F3FB, 0x1F400)]


@cache
def _data() -> frozenset[str]:
    from emoji import EMOJI_DATA, STATUS  # when the first one comes: 50 ms, and 10 MB

    return frozenset(emoji for emoji, data in EMOJI_DATA.items() if data["status"] == STATUS["fully_qualified"])


def is_emoji(text: str) -> bool:
    """Fully qualified ones alone, so that nobody can press the same emoji twice in two spellings."""
    return len(text) <= 16 and text in _data()


@cache
def catalogue() -> bytes:
    """For the picker and the completion of pages: `[emoji, names, has_tones]` of each, as JSON.

    `names` are the English one, its further names, and the Chinese one. Skin tones are left to the page.
    """
    import emoji

    emoji.config.load_language("zh")
    shown = sorted((each for each in _data() if not any(tone in each for tone in TONES)), key=_place)
    rows = [[each, _names(emoji.EMOJI_DATA[each]), int(_toned(each) in _data())] for each in shown]
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode()


def _place(emoji: str) -> tuple[bool, str]:
    """Faces and hands first, as they are what people look for most."""
    return not "\U0001f600" <= emoji[0] <= "\U0001f64f", emoji


def _toned(emoji: str) -> str:
    return emoji.replace("\ufe0f", "") + TONES[0]


def _names(data: dict[str, Any]) -> list[str]:
    names = [data["en"], *data.get("alias", ()), data.get("zh", "")]
    return list(dict.fromkeys(name.strip(":").replace("_", " ").lower() for name in names if name))
